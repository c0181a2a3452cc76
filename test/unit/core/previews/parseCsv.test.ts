import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../../../src/core/previews/parseCsv";

const whole = { delimiter: null, isWhole: true } as const;

describe("a CSV table", () => {
	test("keeps quotes, delimiters and line ends inside quotes", () => {
		const { columns, rows } = parseCsv('a,b\r\n"1,2","say ""hi""\nthere"\r\n"",x\r\n', whole);
		expect(columns.map(({ name }) => name)).toEqual(["a", "b"]);
		expect(rows).toEqual([
			["1,2", 'say "hi"\nthere'],
			["", "x"],
		]);
	});

	test.each([
		[",", "a,b;c\n1,2;3\n"],
		["\t", "a\tb\n1\t2, 3\n"],
		[";", "a;b\n1,5;2,5\n3,5;4,5\n"],
		["|", "a|b\n1|2\n"],
	])("is parted at %j without being told so", (delimiter, text) => {
		expect(parseCsv(text, whole)).toEqual(parseCsv(text, { delimiter, isWhole: true }));
		expect(parseCsv(text, whole).columns).toHaveLength(2);
	});

	test("knows the kinds of its columns", () => {
		const { columns } = parseCsv("n,f,b,t,e,m\n1,-2.5e-3,True,x,,1\n2,nan,false,3,,y\n", whole);
		expect(columns.map(({ type }) => type)).toEqual(["number", "number", "boolean", "text", "text", "text"]);
	});

	test("without a header numbers its columns", () => {
		expect(parseCsv("1,2\n3,4\n", whole)).toMatchObject({
			columns: [{ name: "1" }, { name: "2" }],
			rows: [
				["1", "2"],
				["3", "4"],
			],
			totalRows: 2,
		});
	});

	test("with rows of different lengths has cells for the longest", () => {
		expect(parseCsv("a,b\n1\n1,2,3\n", whole).rows).toEqual([
			["1", "", ""],
			["1", "2", "3"],
		]);
	});

	test("leaves out its last row when it was cut", () => {
		expect(parseCsv("a,b\n1,2\n3,", { delimiter: ",", isWhole: false })).toMatchObject({
			rows: [["1", "2"]],
			totalRows: null,
			truncated: true,
		});
	});

	test("of many rows, columns and long cells shows the beginning", () => {
		const rows = Array.from({ length: 3000 }, (_, at) => `${at},x`).join("\n");
		expect(parseCsv(`a,b\n${rows}`, whole)).toMatchObject({ totalRows: 3000, truncated: true });
		expect(parseCsv(`a,b\n${rows}`, whole).rows).toHaveLength(1000);
		expect(parseCsv(",".repeat(5000), whole).columns).toHaveLength(300);
		expect(parseCsv(`a\n${"x".repeat(1e6)}`, whole).rows[0]?.[0]).toHaveLength(1001);
	});

	test("gives back whatever was quoted, for any cells", () => {
		const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "é", " ", ";") });
		void fc.assert(
			fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (cells) => {
				const text = cells.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join("\n");
				expect(parseCsv(`h,i\n${text}\n`, { delimiter: ",", isWhole: true }).rows).toEqual(cells);
			}),
		);
	});

	test("is read in time that grows with its length only", () => {
		for (const text of [
			'"'.repeat(1_000_001),
			`"${",\n".repeat(500_000)}`,
			",".repeat(1e6),
			"\n".repeat(1e6),
			'""x'.repeat(3e5),
		]) {
			const start = performance.now();
			parseCsv(text, { ...whole, isWhole: false });
			expect(performance.now() - start).toBeLessThan(3000);
		}
	});
});
