import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import { artifactLinkSchema, artifactPageSchema, longestLinkSeconds } from "../../src/shared/relay/artifact";
import type { Services } from "../app";
import { openS3 } from "../artifacts/loadS3";
import { toFolder, toKey } from "../artifacts/projectFolder";
import type { S3Reader } from "../artifacts/s3Bucket";
import { toS3Problem } from "../artifacts/s3Problem";
import type { Config } from "../config";
import type { Queryable } from "../database/database";
import { Problem } from "../problem";
import { id, text } from "./fields";
import { addUserRoute, demand } from "./userRoute";

/** How long a link works where nobody says: enough to begin a download, too short to be passed around. */
const linkSeconds = 15 * 60;

const params = z.object({ projectId: id });
/** S3's own limits: 1,024 bytes of a key, 1,000 keys of a page. */
const key = text(1_024);
const limit = z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(1_000)), 200);
const seconds = z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(longestLinkSeconds)), linkSeconds);

interface Place {
	readonly bucket: string;
	readonly folder: string;
}

/** What trainings left in a project's folder of its bucket. */
export const artifactRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		const { config } = services;
		let opened: Promise<S3Reader> | null = null;
		app.addHook("onClose", async () => (await opened)?.close());

		const read = async <T>({ bucket }: Place, work: (reader: S3Reader) => Promise<T>): Promise<T> => {
			if (config.s3 === null) throw new Problem(404, "This relay reads no artifacts: AWS_REGION is not set.");
			opened ??= openS3(config.s3);
			return opened.then(work).catch((error: unknown) => {
				throw toS3Problem(error, bucket);
			});
		};
		addUserRoute(
			app,
			services,
			{
				method: "GET",
				url: "/api/artifacts/:projectId",
				summary: "The artifacts in a project's folder of its bucket, by key; with `delimiter` those of one folder",
				params,
				query: z.object({
					...{ prefix: z._default(key, ""), delimiter: z.optional(z.literal("/")) },
					...{ cursor: z.optional(text(2_000, 1)), limit },
				}),
				answer: artifactPageSchema,
				problems: [403, 502, 503],
			},
			async ({ params: { projectId }, query, signal, run }) => {
				const place = await run((transaction) => placeOf(transaction, projectId, config));
				const prefix = toKey(place.folder, query.prefix);
				const page = await read(place, (reader) => reader.list(place.bucket, { ...query, prefix }, signal));
				const isOurs = (key: string) => key.startsWith(place.folder) && key !== place.folder;
				// A folder that somebody made by hand is an empty object.
				const items = page.items.filter(({ key }) => isOurs(key) && !key.endsWith("/"));
				return { ...page, items, folders: page.folders.filter(isOurs) };
			},
		);
		addUserRoute(
			app,
			services,
			{
				method: "GET",
				url: "/api/artifacts/:projectId/url",
				summary: "A link that downloads one artifact, for 15 minutes or as many seconds as are asked for",
				params,
				query: z.object({ key: key.check(z.minLength(1)), seconds }),
				answer: artifactLinkSchema,
				problems: [403, 502, 503],
			},
			async ({ params: { projectId }, query, signal, run }) => {
				const place = await run((transaction) => placeOf(transaction, projectId, config));
				const key = toKey(place.folder, query.key);
				return read(place, (reader) => reader.sign(place.bucket, key, query.seconds, signal));
			},
		);
	};

/**
 * Where a project's artifacts are, for whoever may see it. Where people sign in a project has its own folder, and the relay
 * that was given one bucket reads no other: settings are an owner's to write, the credentials are not.
 */
async function placeOf(transaction: Queryable, projectId: string, { auth, s3 }: Config): Promise<Place> {
	await demand(transaction, projectId, "see");
	const [project] = await transaction.query<{ s3_bucket: string | null; s3_prefix: string | null }>(
		"select s3_bucket, s3_prefix from projects where id = $1",
		[projectId],
	);
	const bucket = project?.s3_bucket ?? s3?.bucket ?? null;
	if (bucket === null) throw new Problem(404, "The project has no bucket: an owner sets s3Bucket.");
	const folder = toFolder(project?.s3_prefix ?? null);
	if (auth.kind === "local") return { bucket, folder };
	if (s3?.bucket && bucket !== s3.bucket)
		throw new Problem(403, "This relay reads the bucket it was given, and no other.");
	if (folder === "") throw new Problem(404, "The project has no folder in the bucket: an owner sets s3Prefix.");
	return { bucket, folder };
}
