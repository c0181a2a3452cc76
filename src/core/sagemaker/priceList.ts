import * as z from "zod/mini";

/** What AWS asks in one region for an hour of one machine that trains, on demand. */
export interface PriceList {
	readonly region: string;
	/** The day on which AWS published it, `2026-11-25`. */
	readonly asOf: string;
	/** ISO 4217: dollars, and yuan in China. */
	readonly currency: string;
	/** By kind of machine, e.g. `ml.g5.xlarge`. */
	readonly perHour: Readonly<Record<string, number>>;
}

/** As it is kept on the disk. */
export const priceListSchema = z.object({
	region: z.string(),
	asOf: z.string(),
	currency: z.string(),
	perHour: z.record(z.string(), z.number()),
});

/**
 * Takes what a list of AWS's prices says of trainings, line by line, for the list has thousands of others.
 * Format: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 * The kind of machine is read out of the usage type (`USE1-Train:ml.g5.xlarge`), the only column that every row has it in.
 */
export class PriceListReader {
	#asOf: string | null = null;
	#currency: string | null = null;
	#columns: ReadonlyMap<string, number> | null = null;
	readonly #perHour = new Map<string, number>();

	constructor(private readonly region: string) {}

	take(line: string): void {
		if (this.#columns === null) this.#takeHead(cellsOf(line));
		else if (/Train:ml\./.test(line)) this.#takePrice(cellsOf(line), this.#columns);
	}

	/** Null where this was no such list. */
	get list(): PriceList | null {
		if (this.#asOf === null || this.#currency === null || this.#perHour.size === 0) return null;
		const [asOf, currency] = [this.#asOf, this.#currency];
		return { region: this.region, asOf, currency, perHour: Object.fromEntries(this.#perHour) };
	}

	#takeHead(cells: readonly string[]): void {
		const [first = "", second = ""] = cells;
		if (first === "Publication Date") this.#asOf = /^\d{4}-\d{2}-\d{2}/.exec(second)?.[0] ?? null;
		else if (first === "SKU") this.#columns = new Map(cells.map((name, at) => [name.toLowerCase(), at]));
	}

	#takePrice(cells: readonly string[], columns: ReadonlyMap<string, number>): void {
		const cell = (name: string) => cells[columns.get(name) ?? -1] ?? "";
		const [, machine] = /^(?:\w+-)?Train:(ml\.[a-z0-9-]+\.[a-z0-9]+)$/.exec(cell("usagetype")) ?? [];
		const price = Number(cell("priceperunit"));
		if (machine === undefined || cell("termtype") !== "OnDemand" || !/^h/i.test(cell("unit"))) return;
		if (!Number.isFinite(price) || price <= 0) return;
		this.#currency ??= cell("currency");
		this.#perHour.set(machine, price);
	}
}

/** One line of comma-separated cells, quoted where they like; a quote in a cell is doubled. */
function cellsOf(line: string): readonly string[] {
	const cells: string[] = [];
	for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
		cells.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
	return cells;
}
