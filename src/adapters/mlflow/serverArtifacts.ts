import { parseArtifactPath } from "../../core/artifactPath";
import { compareByCodePoint } from "../../core/codePoints";
import { artifactsPage } from "../../core/mlflow/serverWire";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry } from "../../shared/run";
import { type ServerAnswer, type ServerClient, ServerRefusal } from "./serverClient";

const maxWholeBytes = 1 << 30;

/** One folder of a run's artifacts, sorted by path. Rejects with `artifact.outside`, `artifact.missing`. */
export async function listServerArtifacts(
	client: ServerClient,
	runId: string,
	path: string,
	signal: AbortSignal | undefined,
): Promise<ArtifactEntry[]> {
	const folder = parseArtifactPath(path).join("/");
	const found = new Map<string, ArtifactEntry>();
	for (let token: string | undefined; ; ) {
		const page = await client
			.json(artifactsPage, {
				path: "/api/2.0/mlflow/artifacts/list",
				query: { run_id: runId, run_uuid: runId, path: folder || undefined, page_token: token },
				signal,
			})
			.catch(translated(path));
		// MLflow leaves a size of 0 out; only of artifacts the server itself passes on its client has no size then either.
		const absentSize = /^(mlflow-artifacts|https?):/i.test(page.root_uri) ? null : 0;
		for (const file of page.files) {
			found.set(file.path, {
				path: file.path,
				isDir: file.is_dir,
				sizeBytes: file.is_dir ? null : (file.file_size ?? absentSize),
			});
		}
		const next = page.next_page_token || undefined;
		if (next === undefined || next === token) break;
		token = next;
	}
	return [...found.values()].sort((a, b) => compareByCodePoint(a.path, b.path));
}

/** A range of one artifact through the server, whatever storage is behind it. Servers that know no ranges are read up to its end. */
export async function readServerArtifact(
	client: ServerClient,
	runId: string,
	path: string,
	range: ByteRange | undefined,
	signal: AbortSignal | undefined,
): Promise<ArtifactBytes> {
	const file = parseArtifactPath(path).join("/");
	if (file === "") throw missing(path);
	const offset = Math.max(0, range?.offset ?? 0);
	const length = range === undefined ? maxWholeBytes : Math.max(0, range.length);
	const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "identity" };
	if (range !== undefined) headers.range = `bytes=${offset}-${offset + Math.max(1, length) - 1}`;
	const query = { path: file, run_id: runId, run_uuid: runId };
	const answer = await client
		.open({ path: "/get-artifact", query, headers, tries: 2, signal })
		.catch(async (error: unknown) => {
			if (!(error instanceof ServerRefusal)) throw error;
			if (error.status === 416) return null;
			// Older servers fail with 500 for what is not there.
			if (error.status >= 500 && !(await isListed(client, runId, file, signal))) throw missing(path);
			return translated(path)(error);
		});
	if (answer === null) return { bytes: new Uint8Array(), totalBytes: null };
	try {
		return await readBody(answer, range === undefined, path, offset, length);
	} catch (error) {
		throw client.translate(error, signal);
	}
}

async function isListed(
	client: ServerClient,
	runId: string,
	file: string,
	signal: AbortSignal | undefined,
): Promise<boolean> {
	const folder = file.split("/").slice(0, -1).join("/");
	return (await listServerArtifacts(client, runId, folder, signal)).some(({ path }) => path === file);
}

async function readBody(
	{ response, touch, done }: ServerAnswer,
	isWhole: boolean,
	path: string,
	offset: number,
	length: number,
): Promise<ArtifactBytes> {
	const part = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
	const isPart = response.status === 206 && part !== null;
	const written = isPart ? part[2] : response.headers.get("content-length");
	const totalBytes = written !== null && written !== undefined && /^\d+$/.test(written) ? Number(written) : null;
	let skip = offset - (isPart ? Number(part[1]) : 0);
	const chunks: Uint8Array[] = [];
	let size = 0;
	try {
		for await (const chunk of response.body ?? []) {
			touch();
			const useful = chunk.subarray(Math.min(skip, chunk.length), Math.min(chunk.length, skip + length - size));
			skip = Math.max(0, skip - chunk.length);
			if (useful.length > 0) chunks.push(useful);
			size += useful.length;
			if (size >= length) break;
		}
	} finally {
		done();
	}
	if (isWhole && size >= maxWholeBytes) {
		throw new GammaError("artifact.unreadable", `The artifact ${JSON.stringify(path)} is too large to read at once.`);
	}
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	return { bytes, totalBytes };
}

function missing(path: string): GammaError {
	return new GammaError("artifact.missing", `The run has no artifact ${JSON.stringify(path)}.`);
}

function translated(path: string): (error: unknown) => never {
	return (error) => {
		if (!(error instanceof ServerRefusal)) throw error;
		if (error.status === 404 || error.status === 400) throw missing(path);
		throw new GammaError(
			"artifact.unreadable",
			`The server cannot read the artifact ${JSON.stringify(path)} (${error.status} ${error.errorCode}).`,
		);
	};
}
