import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeCode } from "../../../../src/core/agent/placeCode";

const file = `import torch

@cache
def schedule(step):
    # old
    return step / 100


class Model:
    def forward(self, x):
        return x

    def loss(self, x):
        return x - 1

print("end")
`;

describe("a code block of an answer", () => {
	test("takes the place of the definition that it is a new version of, and of nothing else", () => {
		const placed = placeCode(file, "def schedule(step):\n    warm = step / 500\n    return min(1, warm)\n");
		expect(placed).toBe(
			file.replace("    # old\n    return step / 100", "    warm = step / 500\n    return min(1, warm)"),
		);
	});

	test("brings its own decorators, and its place's indentation", () => {
		expect(placeCode(file, "@lru_cache\ndef schedule(step):\n    return 1")).toBe(
			file.replace(
				"@cache\ndef schedule(step):\n    # old\n    return step / 100",
				"@lru_cache\ndef schedule(step):\n    return 1",
			),
		);
		expect(placeCode(file, "def loss(self, x):\n    return x - 2")).toBe(file.replace("return x - 1", "return x - 2"));
	});

	test("takes the place between its first and its last line", () => {
		expect(placeCode(file, 'class Model:\n    pass\n\nprint("end")')).toBe(
			`${file.slice(0, file.indexOf("class Model:"))}class Model:\n    pass\n\nprint("end")\n`,
		);
	});

	test("keeps the file's line ends", () => {
		const windows = file.replaceAll("\n", "\r\n");
		expect(placeCode(windows, "def loss(self, x):\n    return x - 2")).toBe(
			windows.replace("return x - 1", "return x - 2"),
		);
	});

	test.each([
		["nothing of it is in the file", "def other():\n    pass"],
		["it is several definitions", "def schedule(step):\n    return 1\ndef other():\n    return 2"],
		["it is a line that stands twice", "return x"],
		["it is empty", "\n"],
	])("is placed nowhere where %s", (_, code) => expect(placeCode(file, code)).toBeNull());

	test("a name that is defined twice is not certain", () => {
		expect(placeCode("def f():\n    a\nclass A:\n    def f(self):\n        b\n", "def f():\n    c")).toBeNull();
	});

	test("is the whole of an empty file", () => expect(placeCode("\n", "a\nb\n\n")).toBe("a\nb\n"));

	test("never changes a line before or after its place", () => {
		const name = fc.stringMatching(/^[a-z]{3,8}$/);
		fc.assert(
			fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 8 }), fc.nat(), (names, pick) => {
				const of = (each: string) => `def ${each}(x):\n    # ${each}\n    return x\n`;
				const at = pick % names.length;
				const placed = placeCode(names.map(of).join("\n"), `def ${names[at]}(x):\n    return 0\n`);
				expect(placed).toBe(
					names.map((each, i) => (i === at ? `def ${each}(x):\n    return 0\n` : of(each))).join("\n"),
				);
			}),
		);
	});
});
