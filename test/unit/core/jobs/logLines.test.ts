import { describe, expect, test } from "vitest";
import { type LogEdit, LogLines, longestRow } from "../../../../src/core/jobs/logLines";

/** The text as whoever applies the edits has it. */
class Text {
	readonly lines: string[] = [""];
	readonly #log = new LogLines();

	push(piece: string): LogEdit {
		const edit = this.#log.push(piece);
		expect(edit.fromLine).toBeLessThan(this.lines.length);
		this.lines.splice(edit.fromLine, this.lines.length, ...edit.lines);
		expect(this.lines.length).toBe(this.#log.count);
		return edit;
	}
}

function shown(...pieces: string[]): string {
	const text = new Text();
	for (const piece of pieces) text.push(piece);
	return text.lines.join("\n");
}

const bar = (done: number) => `\r ${done}%|${"█".repeat(done / 10)}| ${done}/100 [00:0${done % 10}<00:09]`;

describe("a log as a terminal shows it", () => {
	test("lines end as Unix, Windows and a lone return end them", () => {
		expect(shown("one\ntwo\r\nthree")).toBe("one\ntwo\nthree");
		expect(shown("one\n\n\ntwo\n")).toBe("one\n\n\ntwo\n");
		expect(shown("")).toBe("");
	});

	test("a progress bar is its last state, and the line after it is another", () => {
		const drawn = Array.from({ length: 11 }, (_, i) => bar(i * 10)).join("");
		expect(shown(`start\n${drawn}\ndone\n`)).toBe(`start\n${bar(100).slice(1)}\ndone\n`);
	});

	test("what is printed after a return replaces; a return before a line's end does not", () => {
		expect(shown("loss 0.5\r", "\n", "next")).toBe("loss 0.5\nnext");
		expect(shown("a long line\rshort")).toBe("short");
	});

	test("nested bars that move up and down are one line each", () => {
		const nested = (outer: number, inner: number) => `\router ${outer}\n\rinner ${inner}\x1b[A`;
		const drawn = [nested(0, 0), nested(0, 50), nested(1, 0), nested(1, 100)].join("");
		expect(shown(`${drawn}\n\nafter`)).toBe("outer 1\ninner 100\nafter");
	});

	test("rich clears lines and draws them anew", () => {
		expect(shown("one\ntwo\n", "\x1b[1A\x1b[2K\x1b[1A\x1b[2K", "1\n2\n")).toBe("1\n2\n");
		expect(shown("loss 0.123456\r\x1b[Kloss 1")).toBe("loss 1");
	});

	test("Keras takes its bar back by backspaces", () => {
		const first = "1/9 [==>....]";
		expect(shown(`${first}${"\b".repeat(first.length)}2/9 [====>..]`)).toBe("2/9 [====>..]");
		expect(shown("a🙂\bb")).toBe("ab");
	});

	test("colours, titles and links are gone, their words are not", () => {
		expect(shown("\x1b[1;31mError:\x1b[0m no \x1b[38;2;1;2;3mGPU\x1b[m")).toBe("Error: no GPU");
		expect(shown("\x1b]0;title\x07text \x1b]8;;https://x.org\x1b\\link\x1b]8;;\x1b\\ end")).toBe("text link end");
		expect(shown("\u009b31mred\u009b0m")).toBe("red");
		expect(shown("\x1b(Bplain\x1b=")).toBe("plain");
	});

	test("what would make an editor ask, or take the file for binary, is not there", () => {
		expect(shown("a\0b\x01c\u2028d\u2029e\ufefff\x85g\tend")).toBe("abc d efg\tend");
	});

	test("an escape sequence is one wherever the output was cut", () => {
		const whole = "x\x1b[1;31mred\x1b[0m \x1b]8;;https://a.b/c\x1b\\link\x1b]8;;\x1b\\\r\nnext\rlast\x1b[K";
		const expected = shown(whole);
		for (let at = 1; at < whole.length; at++) expect(shown(whole.slice(0, at), whole.slice(at))).toBe(expected);
		expect(shown(...whole)).toBe(expected);
	});

	test("a sequence that never ends does not swallow the log", () => {
		expect(shown(`\x1b]0;${"x".repeat(5000)}`, "\nafter")).toContain("\nafter");
		expect(shown(`\x1b[${"1".repeat(5000)}`, "\nafter")).toContain("\nafter");
	});

	test("a line without an end goes on in the next", () => {
		const text = new Text();
		for (let i = 0; i < 5; i++) text.push("y".repeat(longestRow / 2));
		expect(text.lines.map((line) => line.length)).toEqual([longestRow, longestRow, longestRow / 2]);
	});

	test("each piece says only what it changes", () => {
		const text = new Text();
		text.push(`${"line\n".repeat(1000)}part`);
		expect(text.push("ial")).toEqual({ fromLine: 1000, lines: ["partial"] });
		expect(text.push("\nnext\n")).toEqual({ fromLine: 1000, lines: ["partial", "next", ""] });
		expect(text.push("")).toEqual({ fromLine: 1002, lines: [""] });
	});

	test("moving up ends at what may still change", () => {
		const text = new Text();
		text.push(`first\n${"line\n".repeat(1000)}`);
		text.push("\x1b[9999A\rover");
		expect(text.lines[0]).toBe("first");
		expect(text.lines.filter((line) => line === "over")).toHaveLength(1);
	});

	test("a log that is mostly bars costs what its lines cost", () => {
		const text = new Text();
		const epoch = `${Array.from({ length: 1000 }, (_, i) => `\r${i}/1000 loss 0.${i}`).join("")}\n`;
		for (let i = 0; i < 200; i++) text.push(epoch);
		expect(text.lines).toHaveLength(201);
		expect(text.lines[5]).toBe("999/1000 loss 0.999");
	});
});
