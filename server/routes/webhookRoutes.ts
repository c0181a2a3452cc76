import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { toStorable } from "../../src/core/jobs/foreignText";
import { readGithub } from "../../src/core/jobs/readGithub";
import { readJson } from "../../src/core/jobs/readJson";
import { readEnvelope, readSagemaker } from "../../src/core/jobs/readSagemaker";
import type { Services } from "../app";
import { Problem } from "../problem";
import { Deliveries } from "../webhooks/deliveries";
import type { Delivery } from "../webhooks/delivery";
import { LargeBodies } from "../webhooks/largeBodies";
import { isEqual, isSigned } from "../webhooks/signature";
import { takeBytes } from "../webhooks/takeBytes";

/** The most that GitHub sends. */
const mostBytes = 25 * 1_048_576;
const retryAfterSeconds = "5";

/** GitHub's and AWS's deliveries: proven by their secret over the raw bytes, stored, and only then answered. */
export const webhookRoutes =
	({ database, config, logger }: Services): FastifyPluginAsync =>
	async (app) => {
		const rules = { hearsOfSagemaker: config.awsEventsSecret !== null };
		const deliveries = new Deliveries(database, rules, logger.child("webhooks"));
		const large = new LargeBodies();
		app.addHook("onClose", () => deliveries.close());
		// A signature is of bytes: whatever they are called, they are kept as they came.
		app.removeAllContentTypeParsers();
		app.addContentTypeParser("*", (request: FastifyRequest, payload: IncomingMessage) =>
			takeBytes(request, payload, mostBytes),
		);

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
			async (request, reply) => {
				const body = bytesOf(request);
				const { headers } = request;
				const delivery = await large.read(body, function* (): Generator<void, Delivery> {
					if (!isSigned(body, headers["x-hub-signature-256"], config.githubWebhookSecrets)) {
						throw new Problem(401, "The signature is missing or is not that of these bytes.");
					}
					yield;
					const bodySha256 = sha256(body);
					const given = headers["x-github-event"];
					if (typeof given !== "string" || given === "") throw new Problem(400, "X-GitHub-Event is missing.");
					const kind = toStorable(given, 100);
					const id = shortId(headers["x-github-delivery"], bodySha256);
					yield;
					const parsed = yield* parse(body);
					return { source: "github", id, kind, bodySha256, news: readGithub(kind, parsed) };
				});
				return take(request, reply, delivery);
			},
		);
		app.post<{ Body: Buffer | null }>(
			"/api/webhooks/aws",
			route("An event of EventBridge on a training job of SageMaker, with X-Gamma-Secret"),
			async (request, reply) => {
				if (!isEqual(request.headers["x-gamma-secret"], config.awsEventsSecret)) {
					throw new Problem(401, "The secret is missing or wrong.");
				}
				const body = bytesOf(request);
				const delivery = await large.read(body, function* (): Generator<void, Delivery> {
					const bodySha256 = sha256(body);
					yield;
					const parsed = yield* parse(body);
					const { id, kind } = readEnvelope(parsed) ?? { id: bodySha256, kind: "" };
					return { source: "aws", id, kind, bodySha256, news: readSagemaker(kind, parsed) };
				});
				return take(request, reply, delivery);
			},
		);
	};

/** Once: what has been read is not kept until it is stored. */
function bytesOf(request: FastifyRequest<{ Body: Buffer | null }>): Buffer {
	const bytes = request.body ?? Buffer.alloc(0);
	request.body = null;
	return bytes;
}

function* parse(body: Buffer): Generator<void, unknown> {
	const text = body.toString("utf8");
	yield;
	try {
		return readJson(text);
	} catch {
		throw new Problem(400, "The body is not JSON; a webhook of GitHub must have the content type application/json.");
	}
}

function sha256(body: Buffer): string {
	return hash("sha256", body, "hex");
}

/** GitHub's own id; bytes without one, or with one that is none, go by their digest. */
function shortId(given: unknown, digest: string): string {
	return typeof given === "string" && /^[\x21-\x7e]{1,200}$/.test(given) ? given : digest;
}
