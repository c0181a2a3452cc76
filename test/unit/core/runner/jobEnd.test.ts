import { expect, test } from "vitest";
import { type CommandOutcome, type StopReason, toJobEnd } from "../../../../src/core/runner/jobEnd";
import { LastError } from "../../../../src/core/runner/lastError";

const well: CommandOutcome = { code: 0, signal: null, problem: null, ranOutOfMemory: false, lastError: null };
const byPerson: StopReason = { kind: "person" };

test.each<[string, Partial<CommandOutcome>, StopReason | null, object]>([
	["a command that ends well", {}, null, { status: "completed", exitCode: 0 }],
	[
		"a command that fails",
		{ code: 3 },
		null,
		{ status: "failed", exitCode: 3, error: "The training ended with exit code 3." },
	],
	[
		"one that says why",
		{ code: 1, lastError: "ValueError: lr" },
		null,
		{ status: "failed", exitCode: 1, error: "The training ended with exit code 1: ValueError: lr" },
	],
	[
		"a crash",
		{ code: 139, signal: "SIGSEGV", lastError: "ValueError: handled before" },
		null,
		{ status: "failed", exitCode: 139, error: "The training was ended by SIGSEGV." },
	],
	[
		"a kill while memory ran out",
		{ code: 137, signal: "SIGKILL", ranOutOfMemory: true },
		null,
		{ status: "failed", exitCode: 137, error: "The machine ran out of memory and ended the training." },
	],
	[
		"a kill by hand",
		{ code: 137, signal: "SIGKILL" },
		null,
		{ status: "failed", exitCode: 137, error: "The training was ended by SIGKILL." },
	],
	[
		"a segmentation fault while memory ran out elsewhere",
		{ code: 139, signal: "SIGSEGV", ranOutOfMemory: true },
		null,
		{ status: "failed", exitCode: 139, error: "The training was ended by SIGSEGV." },
	],
	[
		"no such command",
		{ code: 127, problem: "x: there is no such command" },
		null,
		{ status: "failed", exitCode: 127, error: "x: there is no such command." },
	],
	["a stop", { code: 143, signal: "SIGTERM" }, byPerson, { status: "stopped", exitCode: 143 }],
	["a stop that it took well", {}, byPerson, { status: "stopped", exitCode: 0 }],
	[
		"the runner's own end",
		{ code: 143, signal: "SIGTERM" },
		{ kind: "runner", name: "gpu-1" },
		{ status: "stopped", exitCode: 143, error: "The runner gpu-1 was ended while it trained." },
	],
])("%s", (_, outcome, stop, expected) => {
	expect(toJobEnd({ ...well, ...outcome }, stop)).toEqual(expected);
});

function lastOf(...parts: readonly (string | Uint8Array)[]): string | null {
	const last = new LastError();
	for (const part of parts) last.push(typeof part === "string" ? new TextEncoder().encode(part) : part);
	return last.line;
}

test("the last line of a traceback is found over any cut, and behind what follows it", () => {
	const traceback = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: größe\nbye\n';
	expect(lastOf(traceback)).toBe("ValueError: größe");
	const bytes = new TextEncoder().encode(traceback);
	expect(lastOf(...Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)))).toBe("ValueError: größe");
	expect(lastOf("torch.cuda.OutOfMemoryError: CUDA out of memory\r\n")).toMatch(/^torch\.cuda/);
	expect(lastOf("KeyboardInterrupt\n")).toBe("KeyboardInterrupt");
});

test("what is no error's line is none", () => {
	expect(lastOf("loss=0.5\nTypeError in a sentence: no\n  ValueError: indented\n")).toBeNull();
	expect(lastOf("ValueError: long ago\n", "x\n".repeat(100))).toBeNull();
	expect(lastOf(`ValueError: ${"x".repeat(10_000)}\n`)).toBeNull();
	expect(lastOf(`ValueError: ${"x".repeat(1_000)}\n`)).toHaveLength(300);
});
