import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRelay } from "../../../src/adapters/relay/connectRelay";
import { JobFacts } from "../../../src/core/jobs/jobFacts";
import { JobLog } from "../../../src/core/jobs/jobLog";
import type { LogEdit } from "../../../src/core/jobs/logLines";
import { readFailure } from "../../../src/core/jobs/readFailure";
import type { TrackedJob } from "../../../src/core/jobs/trackedJob";
import { aTrackedJob } from "../../support/aJob";
import { databases, type RelayUnderTest, startTestRelay, withDatabase } from "../../support/relay";
import { accessTo } from "../../support/relayAccess";
import { clientOf, RunnerOfOne } from "../../support/relayRunner";
import { testLogger } from "../../support/testLogger";

// The real server where there is one.
const kind = databases.at(-1) ?? "embedded";
const nothing: ReadonlySet<string> = new Set();
let relay: RelayUnderTest;
let database: Awaited<ReturnType<typeof withDatabase>>;
beforeAll(async () => {
	database = await withDatabase(kind);
	relay = await startTestRelay(database.environment);
});
afterAll(async () => {
	await relay?.close();
	await database?.stop();
});

/** The text as an editor has it after the edits. */
function edited(text: string, edits: readonly LogEdit[]): string {
	const lines = text.split("\n");
	for (const { fromLine, lines: changed } of edits) lines.splice(fromLine, lines.length, ...changed);
	return lines.join("\n");
}

async function allOf(log: JobLog): Promise<LogEdit[]> {
	const edits: LogEdit[] = [];
	for (let edit = await log.more(); edit; edit = await log.more()) edits.push(edit);
	return edits;
}

describe("the log of a job at a real relay", () => {
	test("is read to its end, and then only what came since", async () => {
		const runner = await RunnerOfOne.start(relay);
		const log = new JobLog(clientOf(relay), runner.job.id);
		expect(await log.load()).toBe("");
		await runner.log("Epoch 1\n");
		await runner.log("  1%|▏| 1/100\r 50%|▌| 50/100");
		const first = await allOf(log);
		expect(edited("", first)).toBe("Epoch 1\n 50%|▌| 50/100");
		await runner.log("\r100%|█| 100/100\nEpoch 2\n");
		const second = await allOf(log);
		expect(second).toEqual([{ fromLine: 1, lines: ["100%|█| 100/100", "Epoch 2", ""] }]);
		expect(await log.more()).toBeNull();
		expect(log.lineCount).toBe(4);
		expect(await new JobLog(clientOf(relay), runner.job.id).load()).toBe(edited("", [...first, ...second]));
	});

	test("is the same text wherever the relay's parts were cut, in the middle of a letter too", async () => {
		const runner = await RunnerOfOne.start(relay);
		const whole = new TextEncoder().encode("loss ↓ ñ 🙂 \x1b[31mrot\x1b[0m\r\nüber\n");
		const log = new JobLog(clientOf(relay), runner.job.id);
		let text = await log.load();
		for (let at = 0; at < whole.length; at += 3) {
			await runner.log(whole.slice(at, at + 3));
			text = edited(text, await allOf(log));
		}
		expect(text).toBe("loss ↓ ñ 🙂 rot\nüber\n");
	});

	test("of 20 MB comes in parts and whole", async () => {
		const runner = await RunnerOfOne.start(relay);
		const lines = Array.from(
			{ length: 200_000 },
			(_, i) => `step ${i} loss ${(1 / (i + 1)).toFixed(8)} ${"x".repeat(70)}`,
		);
		const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);
		const part = 4 << 20;
		for (let at = 0; at < bytes.length; at += part) await runner.log(bytes.slice(at, at + part));
		const log = new JobLog(clientOf(relay), runner.job.id);
		const text = await log.load();
		expect(text.length).toBe(bytes.length);
		expect(text.split("\n").at(-2)).toBe(lines.at(-1));
		expect(log.lineCount).toBe(200_001);
	});

	test("of 48 MB shows its end, from a whole line on, and says what is left out", async () => {
		const runner = await RunnerOfOne.start(relay);
		const line = `${"y".repeat(999)}\n`;
		const part = new TextEncoder().encode(line.repeat(8_000));
		for (let i = 0; i < 6; i++) await runner.log(part);
		const log = new JobLog(clientOf(relay), runner.job.id);
		const text = await log.load();
		const [first, second] = text.split("\n");
		expect(first).toBe("… the first 22.8 MB of this log are not shown …");
		expect(second).toBe("y".repeat(999));
		expect(text.length).toBeGreaterThan(23 << 20);
		expect(text.length).toBeLessThan(26 << 20);
		await runner.log("after\n");
		expect((await allOf(log)).at(-1)?.lines).toEqual(["after", ""]);
	});

	test("that the relay cannot be asked for is asked for again from where it was", async () => {
		const runner = await RunnerOfOne.start(relay);
		await runner.log("one\n");
		const client = clientOf(relay);
		let isAway = false;
		const log = new JobLog(
			{ readLog: (...given) => (isAway ? Promise.reject(new Error("away")) : client.readLog(...given)) },
			runner.job.id,
		);
		await log.load();
		isAway = true;
		await runner.log("two\n");
		await expect(log.more()).rejects.toThrow("away");
		isAway = false;
		expect((await allOf(log)).map(({ lines }) => lines)).toEqual([["two", ""]]);
	});
});

const python = process.env.GAMMA_PYTHON;
describe.skipIf(!python)("a Python that fails (needs Python)", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-fails-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	/** What the script prints, as a runner sends it. */
	function outputOf(name: string, script: string): string {
		writeFileSync(join(folder, name), script);
		try {
			execFileSync("/bin/sh", ["-c", `"${python}" "${join(folder, name)}" 2>&1`], { encoding: "utf8" });
		} catch (error) {
			return (error as { stdout: string }).stdout;
		}
		throw new Error("the script did not fail");
	}

	const chained = `
def load(path):
    try:
        return open(path)
    except FileNotFoundError as error:
        raise RuntimeError("no data set at " + path) from error
def main():
    try:
        load("/nowhere/x.npy")
    except RuntimeError:
        return {}["fallback"]
print("\\x1b[32mstarting\\x1b[0m", flush=True)
main()
`;
	const deep = "def f(n):\n    return f(n + 1)\nf(0)\n";
	const late = "class A:\n    def __del__(self): raise ValueError('late')\na = A(); del a\nraise KeyError('real')\n";
	const crash = "import faulthandler, ctypes\nfaulthandler.enable()\ndef crash():\n    ctypes.string_at(0)\ncrash()\n";
	test.each([
		["chained.py", chained, "KeyError: 'fallback'", 4, 13],
		["deep.py", deep, "RecursionError: maximum recursion depth exceeded", 3, 2],
		["broken.py", "def f(:\n    pass\n", "SyntaxError: invalid syntax", 1, 1],
		["late.py", late, "KeyError: 'real'", 4, 4],
		["crash.py", crash, "Fatal Python error: Segmentation fault", 4, 5],
	])(
		"%s is told by its own words, with its lines as places of the commit",
		async (name, script, error, first, last) => {
			const runner = await RunnerOfOne.start(relay);
			await runner.log(`${"warming up\n".repeat(50)}${outputOf(name, script)}`);
			const excerpt = await readFailure(clientOf(relay), runner.job.id, new Set([name]));
			expect(excerpt?.error.startsWith(error), excerpt?.error).toBe(true);
			const frames = excerpt?.lines.flatMap((line) => line?.frame ?? []) ?? [];
			expect(new Set(frames.map(({ path }) => path))).toEqual(new Set([name]));
			expect(frames.map(({ line }) => line)).toContain(first);
			expect(frames.map(({ line }) => line)).toContain(last);
			expect(excerpt?.lines.every((line) => !line?.text.includes("warming"))).toBe(true);
		},
	);
});

describe("what a job's page asks a real relay for", () => {
	function factsOf(client = clientOf(relay)) {
		let read = 0;
		const facts = new JobFacts({
			relay: () => client,
			readLog: (...asked) => client.readLog(...asked),
			workflows: async () => null,
			checkpoints: async () => [],
			paths: async () => new Set(["train.py"]),
			onDidRead: () => {
				read++;
			},
		});
		return { facts, read: () => read };
	}
	const tracked = (job: TrackedJob["job"]) => aTrackedJob(job, { logSizeBytes: 1 });

	test("history, comments and why it failed", async () => {
		const runner = await RunnerOfOne.start(relay);
		await runner.log(
			'Traceback (most recent call last):\n  File "/w/train.py", line 3, in <module>\nValueError: no lr\n',
		);
		await runner.complete({ status: "failed", exitCode: 1 });
		const client = clientOf(relay);
		const job = await client.job(runner.job.id);
		const { facts } = factsOf(client);
		expect(facts.history).toEqual({ kind: "reading" });
		facts.look(tracked(job), undefined, Date.now());
		await expect.poll(() => facts.failure.kind).toBe("ready");
		await expect.poll(() => facts.history.kind).toBe("ready");
		expect(facts.history).toMatchObject({
			value: [{ status: "failed" }, { status: "running", reason: null }, { status: "pending" }],
		});
		expect(facts.failure).toMatchObject({
			value: {
				kind: "traceback",
				error: "ValueError: no lr",
				lines: [{}, { frame: { path: "train.py", line: 3 } }, {}],
			},
		});
		await facts.comment(tracked(job), client, "Set lr.");
		expect(facts.comments).toMatchObject({ kind: "ready", value: [{ text: "Set lr." }] });
		facts.dispose();
	});

	test("another person's comment as soon as the stream tells of it, and not before", async () => {
		const runner = await RunnerOfOne.start(relay);
		const client = clientOf(relay);
		const { facts } = factsOf(client);
		const { id, projectId } = runner.job;
		const { relay: _, jobs } = connectRelay({
			url: relay.url,
			access: accessTo(relay.url, relay.token ?? ""),
			logger: testLogger,
			isShown: (project) => project.id === projectId,
			ownCommits: async () => new Set(),
			urlOf: () => null,
		});
		const here = () => jobs.snapshot.jobs.get(id);
		// As the page does it: a look whenever the job is another. The clock stands still, so that no time brings the comment.
		const nowMs = Date.now();
		jobs.onDidChange(({ jobIds }) => {
			const tracked = here();
			if (tracked && jobIds.includes(id)) facts.look(tracked, undefined, nowMs);
		});
		await expect.poll(() => facts.comments).toEqual({ kind: "ready", value: [] });
		await expect.poll(() => jobs.snapshot.state.kind).toBe("live");
		for (const text of ["Try a lower lr.", "It worked."]) {
			await relay.ask("POST", `/api/jobs/${id}/comments`, { body: { text } });
			const texts = () => facts.comments.kind === "ready" && facts.comments.value.map((comment) => comment.text);
			await expect.poll(texts).toContain(text);
		}
		expect(here()?.lastCommentEvent).toBeGreaterThan(0);
		jobs.dispose();
		facts.dispose();
	});

	test("is asked once per state, and not again for each metric", async () => {
		const runner = await RunnerOfOne.start(relay);
		const client = clientOf(relay);
		const asked: string[] = [];
		// One that nothing is lost of: the client's own fields are private to it.
		const counting = new Proxy(client, {
			get: (of, name) => {
				if (name === "history") asked.push("history");
				const value: unknown = Reflect.get(of, name, of);
				return typeof value === "function" ? value.bind(of) : value;
			},
		});
		const { facts } = factsOf(counting);
		const nowMs = Date.now();
		for (let i = 0; i < 5; i++) facts.look(tracked(runner.job), undefined, nowMs);
		await expect.poll(() => facts.history.kind).toBe("ready");
		for (let i = 0; i < 5; i++) facts.look(tracked(runner.job), undefined, nowMs);
		expect(asked).toHaveLength(1);
		facts.look(tracked({ ...runner.job, status: "completed" }), undefined, nowMs);
		expect(asked).toHaveLength(2);
		facts.dispose();
	});

	test("the places of a failure become links once the clone has the commit", async () => {
		const runner = await RunnerOfOne.start(relay);
		await runner.log('Traceback (most recent call last):\n  File "train.py", line 3, in <module>\nValueError: no lr\n');
		await runner.complete({ status: "failed", exitCode: 1 });
		const client = clientOf(relay);
		const failed = tracked(await client.job(runner.job.id));
		const known = new Set<string>();
		const facts = new JobFacts({
			relay: () => client,
			readLog: (...asked) => client.readLog(...asked),
			workflows: async () => null,
			checkpoints: async () => [],
			paths: async () => known,
			onDidRead: () => {},
		});
		const frame = () => facts.failure.kind === "ready" && facts.failure.value?.lines[1]?.frame;
		facts.look(failed, undefined, Date.now());
		await expect.poll(frame).toBeNull();
		known.add("train.py");
		facts.look(failed, undefined, Date.now());
		await expect.poll(frame).toMatchObject({ path: "train.py", line: 3 });
		facts.dispose();
	});

	test("says why it cannot be read, and keeps what was", async () => {
		const away = clientOf({ url: "http://127.0.0.1:9", token: "x" });
		const { facts, read } = factsOf(away);
		facts.look(aTrackedJob(), undefined, Date.now());
		await expect.poll(() => facts.history.kind).toBe("failed");
		await expect.poll(read).toBeGreaterThan(1);
		facts.dispose();
	});

	test("a log without a traceback shows its end, one without a word nothing", async () => {
		const runner = await RunnerOfOne.start(relay);
		expect(await readFailure(clientOf(relay), runner.job.id, nothing)).toBeNull();
		await runner.log(`${"epoch\n".repeat(100)}the last words\n`);
		const excerpt = await readFailure(clientOf(relay), runner.job.id, nothing);
		expect(excerpt).toMatchObject({ kind: "end", error: "" });
		expect(excerpt?.lines.at(-1)).toEqual({ text: "the last words", frame: null });
	});
});
