import { createHash } from "node:crypto";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { toStorable } from "../../src/core/jobs/foreignText";
import { readGithub } from "../../src/core/jobs/readGithub";
import { readJson } from "../../src/core/jobs/readJson";
import { readEnvelope, readSagemaker } from "../../src/core/jobs/readSagemaker";
import type { Services } from "../app";
import { Problem } from "../problem";
import { Deliveries } from "../webhooks/deliveries";
import type { Delivery } from "../webhooks/delivery";
import { isEqual, isSigned } from "../webhooks/signature";

/** The most that GitHub sends. */
const mostBytes = 25 * 1_048_576;
const retryAfterSeconds = "5";

/** GitHub's and AWS's deliveries: proven by their secret over the raw bytes, stored, and only then answered. */
export const webhookRoutes =
	({ database, config, logger }: Services): FastifyPluginAsync =>
	async (app) => {
		const rules = { hearsOfSagemaker: config.awsEventsSecret !== null };
		const deliveries = new Deliveries(database, rules, logger.child("webhooks"));
		app.addHook("onClose", () => deliveries.close());
		// A signature is of bytes: whatever they are called, they are kept as they came.
		app.removeAllContentTypeParsers();
		app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: mostBytes }, (_, body, done) => done(null, body));

		const take = async (request: FastifyRequest, reply: FastifyReply, delivery: Delivery): Promise<FastifyReply> => {
			const { source, kind } = delivery;
			const taken = await deliveries.take(delivery).catch((error: unknown) => {
				reply.header("retry-after", retryAfterSeconds);
				throw error;
			});
			const { outcome, projectId, jobId, count } = taken;
			request.log.info(
				{ source, delivery: delivery.id, kind, outcome, count, projectId, jobId },
				"a delivery was taken",
			);
			return reply.status(202).send({ outcome });
		};
		/** No bearer token but a secret; whoever sends is few, and sends in bursts. */
		const route = (summary: string) => ({
			bodyLimit: mostBytes,
			config: { isOpen: true, rateLimit: false as const },
			schema: { summary, security: [], consumes: ["application/json"] },
		});

		app.post<{ Body: Buffer | null }>(
			"/api/webhooks/github",
			route("A delivery of GitHub, with X-Hub-Signature-256 over its bytes"),
			(request, reply) => {
				const body = request.body ?? Buffer.alloc(0);
				const { headers } = request;
				if (!isSigned(body, headers["x-hub-signature-256"], config.githubWebhookSecrets)) {
					throw new Problem(401, "The signature is missing or is not that of these bytes.");
				}
				const bodySha256 = sha256(body);
				const given = headers["x-github-event"];
				if (typeof given !== "string" || given === "") throw new Problem(400, "X-GitHub-Event is missing.");
				const kind = toStorable(given, 100);
				const id = shortId(headers["x-github-delivery"], bodySha256);
				return take(request, reply, { source: "github", id, kind, bodySha256, news: readGithub(kind, parse(body)) });
			},
		);
		app.post<{ Body: Buffer | null }>(
			"/api/webhooks/aws",
			route("An event of EventBridge on a training job of SageMaker, with X-Gamma-Secret"),
			(request, reply) => {
				if (!isEqual(request.headers["x-gamma-secret"], config.awsEventsSecret)) {
					throw new Problem(401, "The secret is missing or wrong.");
				}
				const body = request.body ?? Buffer.alloc(0);
				const parsed = parse(body);
				const bodySha256 = sha256(body);
				const { id, kind } = readEnvelope(parsed) ?? { id: bodySha256, kind: "" };
				return take(request, reply, { source: "aws", id, kind, bodySha256, news: readSagemaker(kind, parsed) });
			},
		);
	};

function parse(body: Buffer): unknown {
	try {
		return readJson(body.toString("utf8"));
	} catch {
		throw new Problem(400, "The body is not JSON; a webhook of GitHub must have the content type application/json.");
	}
}

function sha256(body: Buffer): string {
	return createHash("sha256").update(body).digest("hex");
}

/** GitHub's own id; bytes without one, or with one that is none, go by their digest. */
function shortId(given: unknown, digest: string): string {
	return typeof given === "string" && /^[\x21-\x7e]{1,200}$/.test(given) ? given : digest;
}
