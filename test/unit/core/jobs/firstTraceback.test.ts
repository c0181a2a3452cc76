import { expect, test } from "vitest";
import { FirstTraceback } from "../../../../src/core/jobs/firstTraceback";
import { LogLines } from "../../../../src/core/jobs/logLines";

const trace = (error: string) =>
	`Traceback (most recent call last):\n  File "train.py", line 5, in <module>\n    run()\n${error}\n`;

function follow(...pieces: string[]): FirstTraceback {
	const lines = new LogLines();
	const first = new FirstTraceback();
	for (const piece of pieces) first.apply(lines.push(piece));
	return first;
}

test("the first traceback is found however the log came, at its own lines", () => {
	const log = `${"Epoch 1\n".repeat(3000)}${trace("ValueError: one")}${"more\n".repeat(3000)}${trace("ValueError: two")}`;
	const whole = follow(log);
	expect(whole.traceback).toMatchObject({ fromLine: 3000, error: "ValueError: one" });
	expect(whole.traceback?.frames[0]?.atLine).toBe(3001);
	expect([...whole.frames]).toEqual([3001, 6005]);
	const pieces = log.match(/[\s\S]{1,700}/g) ?? [];
	const followed = follow(...pieces);
	expect(followed.traceback).toEqual(whole.traceback);
	expect([...followed.frames]).toEqual([...whole.frames]);
});

test("it grows while it is printed, letter by letter", () => {
	const log = `a\nb\n${trace("ValueError: one")}c\n`;
	expect(follow(...log).traceback).toMatchObject({ fromLine: 2, error: "ValueError: one" });
	expect(follow(log.slice(0, log.indexOf("    run"))).traceback).toMatchObject({ fromLine: 2, error: "" });
});

test("a syntax error is known only at its end, and a line like its first does not hide what comes", () => {
	const syntax = ['  File "train.py", line 3\n', "    f(\n", "     ^\n", "SyntaxError: '(' was never closed\n"];
	expect(follow("start\n", ...syntax).traceback).toMatchObject({ fromLine: 1, toLine: 4 });
	expect(follow('  File "notes", line 3\n', "x\n".repeat(20), trace("ValueError: x")).traceback?.fromLine).toBe(21);
});

test("what Python passed over is passed over, also when it comes in pieces", () => {
	const ignored = ["Exception ignored in: <f>\n", trace("ValueError: late")];
	expect(follow(...ignored).traceback).toBeNull();
	expect(follow(...ignored, trace("KeyError: real")).traceback?.error).toBe("KeyError: real");
});

test("what is drawn over is forgotten", () => {
	const first = follow('File "a.py", line 3, in x', "\rgone\n");
	expect([...first.frames]).toEqual([]);
	const over = follow("Traceback (most recent call last):", "\rgone\n", trace("ValueError: later"));
	expect(over.traceback).toMatchObject({ fromLine: 1, error: "ValueError: later" });
});

test("without a traceback, the last line that tells of the end", () => {
	const first = follow("x\n".repeat(5000), "train.py: error: unrecognized arguments: --lrr\n", "bye\n");
	expect(first.traceback).toBeNull();
	expect(first.failureLine).toBe(5000);
	expect(follow(trace("ValueError: x"), "a: error: b\n").failureLine).toBeNull();
	expect(follow("all is well\n").failureLine).toBeNull();
});
