import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JobFolder } from "../../../src/adapters/runner/jobFolder";
import { JobLog } from "../../../src/adapters/runner/jobLog";
import { ReportSpool } from "../../../src/adapters/runner/reportSpool";
import type { Claim } from "../../../src/shared/relay/queue";

let dataDir: string;
beforeEach(() => {
	dataDir = mkdtempSync(join(tmpdir(), "gamma-job-folder-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const claim = { job: { id: "job" }, lease: { token: "3" }, logSizeBytes: 5 } as Claim;
const folderOf = () => JobFolder.create(dataDir, "http://relay", claim);
/** No process has it: above the largest id of a Linux (`pid_max`). */
const deadPid = 5_000_000;

const point = (step: number) => ({ key: "loss", value: 1 / step, step, timestampMs: 0 });

test("a folder is of its own runner only, until that has ended", () => {
	const folder = folderOf();
	expect(statSync(join(folder.path, "job.json")).mode & 0o077).toBe(0);
	folder.update({ pid: process.ppid });
	expect(JobFolder.takeLeft(dataDir)).toEqual([]);
	folder.update({ pid: deadPid, host: "another-machine" });
	expect(JobFolder.takeLeft(dataDir)).toEqual([]);
	folder.update({ pid: deadPid, host: hostname(), end: { status: "failed", exitCode: 3 } });
	const [left] = JobFolder.takeLeft(dataDir);
	expect(left?.note).toEqual({ ...folder.note, pid: process.pid });
	left?.remove();
	expect(JobFolder.takeLeft(dataDir)).toEqual([]);
});

test("what cannot be read as a note of a job is left alone", () => {
	for (const [name, text] of Object.entries({ half: '{"jobId": "x"', odd: '{"jobId": 7}', empty: "" })) {
		mkdirSync(join(dataDir, "jobs", name), { recursive: true });
		writeFileSync(join(dataDir, "jobs", name, "job.json"), text);
	}
	mkdirSync(join(dataDir, "jobs", "nothing"));
	expect(JobFolder.takeLeft(dataDir)).toEqual([]);
});

test("reports are told in order, also by the next process; half a line of a crash is passed by", async () => {
	const folder = folderOf();
	const spool = new ReportSpool(folder);
	expect([spool.hasMore, await spool.next()]).toEqual([false, null]);
	for (let step = 1; step <= 5; step++) spool.add([point(step)]);
	spool.end();
	expect((await spool.next())?.step).toBe(1);
	// Not sent: it stays the next.
	expect((await spool.next())?.step).toBe(1);
	spool.sent();
	expect((await spool.next())?.step).toBe(2);
	spool.sent();
	appendFileSync(folder.reportsPath, 'no report\n{"step": 9, "val');
	folder.update({ pid: deadPid });
	const [left] = JobFolder.takeLeft(dataDir);
	if (!left) throw new Error("it is left");
	const again = new ReportSpool(left);
	const steps: number[] = [];
	for (let report = await again.next(); report !== null; report = await again.next()) {
		steps.push(report.step);
		again.sent();
	}
	expect(steps).toEqual([3, 4, 5]);
	expect(again.hasMore).toBe(false);
	again.add([point(10)]);
	again.end();
	expect(again.hasMore).toBe(true);
});

const written = (log: JobLog) => new Promise<void>((done) => log.end(() => done()));

test("a log is read byte for byte from anywhere, and goes on where an earlier process left it", async () => {
	const { logPath } = folderOf();
	const first = new JobLog(logPath);
	const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 256));
	for (let at = 0; at < bytes.length; at += 999) first.write(bytes.subarray(at, at + 999));
	await written(first);
	const log = new JobLog(logPath);
	expect(log.sizeBytes).toBe(300_000);
	for (const [from, most] of [
		[0, 1_000_000],
		[12_345, 678],
		[299_999, 10],
		[300_000, 10],
	] as const) {
		const read = Buffer.from(await log.read(from, most));
		expect(read.equals(bytes.subarray(from, from + most))).toBe(true);
	}
	log.say("two\nlines");
	await written(log);
	expect(readFileSync(logPath).subarray(300_000).toString()).toBe("[gamma] two\n[gamma] lines\n");
});

test("a log ends with a notice where the relay would take no more, and the training is not held up", async () => {
	for (const most of [1_000, 1_050]) {
		const path = join(dataDir, `log-${most}`);
		const log = new JobLog(path, most);
		for (let line = 0; line < 500; line++) log.write(`${line}`.padEnd(99, ".").concat("\n"));
		await written(log);
		const text = readFileSync(path, "utf8");
		expect(text.slice(0, 101)).toBe("0".padEnd(99, ".").concat("\n1"));
		expect(text.slice(most)).toBe(
			`\n[gamma] The log ends here, at ${most} bytes; the run's own logs/output.log goes on.\n`,
		);
	}
});
