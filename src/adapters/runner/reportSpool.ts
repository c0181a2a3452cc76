import { appendFileSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import * as z from "zod/mini";
import { type Report, ReportThinner } from "../../core/runner/reportThinner";
import type { LoggedPoint } from "../../core/sidecar/recordedRun";
import { reportedNumber } from "../../shared/relay/queue";
import type { JobFolder } from "./jobFolder";

const reportSchema = z.object({ step: z.number(), values: z.record(z.string(), reportedNumber) });
const chunkBytes = 256 * 1024;

interface Waiting {
	readonly report: Report | null;
	/** The place behind it in the file. */
	readonly endBytes: number;
}

/** A job's metrics on their way to the relay's streams, one report a step, on disk until the relay has them. */
export class ReportSpool {
	readonly #thinner = new ReportThinner();
	#ahead: Waiting[] = [];
	#readBytes: number;
	#sizeBytes: number;

	constructor(private readonly folder: JobFolder) {
		this.#readBytes = folder.note.reportedBytes;
		this.#sizeBytes = statSync(folder.reportsPath, { throwIfNoEntry: false })?.size ?? 0;
	}

	add(points: readonly LoggedPoint[]): void {
		this.#keep(this.#thinner.push(points, Date.now()));
	}

	/** Whether the relay lacks something that can be told now. */
	get hasMore(): boolean {
		this.#keep(this.#thinner.settle(Date.now()));
		return this.#ahead.length > 0 || this.#readBytes < this.#sizeBytes;
	}

	/** No more points come. */
	end(): void {
		this.#keep(this.#thinner.settle(Date.now(), true));
	}

	/** The oldest that the relay lacks; null when it has them all. */
	async next(): Promise<Report | null> {
		for (;;) {
			if (this.#ahead.length === 0) this.#ahead = await this.#read();
			const [first] = this.#ahead;
			if (first === undefined) return null;
			if (first.report !== null) return first.report;
			this.sent();
		}
	}

	/** The relay has the one that was next. */
	sent(): void {
		const first = this.#ahead.shift();
		if (first !== undefined) this.folder.update({ reportedBytes: first.endBytes });
	}

	#keep(reports: readonly Report[]): void {
		if (reports.length === 0) return;
		const text = reports.map((report) => `${JSON.stringify(report)}\n`).join("");
		try {
			appendFileSync(this.folder.reportsPath, text);
			this.#sizeBytes += Buffer.byteLength(text);
		} catch {
			// A full disk: the tracking store has them, or says so itself.
		}
	}

	async #read(): Promise<Waiting[]> {
		const file = await open(this.folder.reportsPath).catch(() => null);
		if (file === null) return [];
		try {
			const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, this.#readBytes);
			const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(10) + 1);
			// Half a line is what a crash left.
			if (whole.length === 0) this.#sizeBytes = this.#readBytes;
			let endBytes = this.#readBytes;
			const waiting = whole
				.toString("utf8")
				.split("\n")
				.slice(0, -1)
				.map((line): Waiting => {
					endBytes += Buffer.byteLength(line) + 1;
					const parsed = z.safeParse(reportSchema, parseJson(line));
					return { report: parsed.success ? parsed.data : null, endBytes };
				});
			this.#readBytes = endBytes;
			return waiting;
		} finally {
			await file.close();
		}
	}
}

function parseJson(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}
