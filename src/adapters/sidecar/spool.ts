import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";

const endStatus = z.enum(["FINISHED", "FAILED", "KILLED"]);
/** JSON lacks what is not finite; MLflow's API takes these words for it. */
const value = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const event = z.union([
	z.object({
		kind: z.literal("metrics"),
		metrics: z.array(z.object({ key: z.string(), value, timestamp: z.number(), step: z.number() })),
	}),
	z.object({ kind: z.literal("tag"), key: z.string(), value: z.string() }),
	z.object({ kind: z.literal("artifact"), path: z.string() }),
	z.object({ kind: z.literal("end"), status: endStatus, endTimeMs: z.number() }),
]);
/** One thing that a server has to be told of a run. */
export type SpoolEvent = z.infer<typeof event>;

const header = z.object({
	/** The server, without user and password. */
	address: z.string(),
	/** Who sends it: a process of this machine; a home folder may be several machines'. */
	host: z.string(),
	pid: z.number(),
	run: z.object({
		name: z.string(),
		experimentName: z.string(),
		startTimeMs: z.number(),
		user: z.string(),
		tags: z.record(z.string(), z.string()),
	}),
	/** The server was asked to make the run: it may have, and its answer been lost. */
	isAsked: z.boolean(),
	/** Null until the server has taken the run. */
	runId: z.nullable(z.string()),
	experimentId: z.nullable(z.string()),
	artifactUri: z.nullable(z.string()),
	/** Bytes of `events.jsonl` that the server has. */
	sentBytes: z.number(),
});
export type SpoolHeader = z.infer<typeof header>;

const chunkBytes = 1 << 20;

/** A run on its way to a server: a folder with what is known of it, its events in order, and its files. */
export class Spool {
	static create(parent: string, of: Pick<SpoolHeader, "address" | "run">): Spool {
		const folder = join(parent, randomUUID());
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		const spool = new Spool(folder, {
			...of,
			host: hostname(),
			pid: process.pid,
			isAsked: false,
			runId: null,
			experimentId: null,
			artifactUri: null,
			sentBytes: 0,
		});
		spool.update({});
		return spool;
	}

	/** Takes over what earlier sidecars left for this server, whose processes have ended. */
	static takeLeft(parent: string, address: string): Spool[] {
		return foldersOf(parent).flatMap((name) => {
			const folder = join(parent, name);
			const parsed = z.safeParse(header, readJson(join(folder, "run.json")));
			if (!parsed.success || parsed.data.address !== address) return [];
			if (parsed.data.host !== hostname() || isAlive(parsed.data.pid)) return [];
			const spool = new Spool(folder, parsed.data);
			spool.update({ pid: process.pid });
			return [spool];
		});
	}

	private constructor(
		readonly folder: string,
		public header: SpoolHeader,
	) {}

	get id(): string {
		return this.folder.slice(-36);
	}

	update(change: Partial<SpoolHeader>): void {
		this.header = { ...this.header, ...change };
		const path = join(this.folder, "run.json");
		writeFileSync(`${path}.new`, JSON.stringify(this.header));
		renameSync(`${path}.new`, path);
	}

	append(events: readonly SpoolEvent[]): void {
		if (events.length === 0) return;
		appendFileSync(join(this.folder, "events.jsonl"), events.map((one) => `${JSON.stringify(one)}\n`).join(""));
	}

	/** What the server does not take; kept, and said. */
	refuse(refused: SpoolEvent, reason: string): void {
		appendFileSync(join(this.folder, "refused.jsonl"), `${JSON.stringify({ ...refused, reason })}\n`);
	}

	localPath(artifactPath: string): string {
		return join(this.folder, "files", artifactPath);
	}

	/** The next events with the place behind each; empty when the server has everything. */
	async unsent(): Promise<{ event: SpoolEvent | null; endBytes: number }[]> {
		const bytes = await readFrom(join(this.folder, "events.jsonl"), this.header.sentBytes);
		let endBytes = this.header.sentBytes;
		const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
		return whole
			.toString("utf8")
			.split("\n")
			.slice(0, -1)
			.map((line) => {
				endBytes += Buffer.byteLength(line) + 1;
				const parsed = z.safeParse(event, parseJson(line));
				return { event: parsed.success ? parsed.data : null, endBytes };
			});
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}

async function readFrom(path: string, offset: number): Promise<Buffer> {
	const file = await open(path).catch(() => null);
	if (file === null) return Buffer.alloc(0);
	try {
		const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, offset);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

function foldersOf(parent: string): string[] {
	try {
		return readdirSync(parent);
	} catch {
		return [];
	}
}

function readJson(path: string): unknown {
	try {
		return parseJson(readFileSync(path, "utf8"));
	} catch {
		return null;
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function isAlive(pid: number): boolean {
	if (pid === process.pid) return true;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
