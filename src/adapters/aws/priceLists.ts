import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { type PriceList, PriceListReader, priceListSchema } from "../../core/sagemaker/priceList";
import { GammaError } from "../../shared/errors";
import { networkCode } from "../http/networkCode";

/** AWS changes its prices a few times a year. */
const freshMs = 30 * 24 * 3600_000;
const withinMs = 120_000;
/** SageMaker's own lists have some megabytes; whatever is longer is none. */
const mostBytes = 200 << 20;

const keptSchema = z.object({ readMs: z.number(), list: priceListSchema });

export interface PriceListsOptions {
	/** Where lists are kept; made when it is needed. */
	readonly folder: string;
	readonly environment?: Readonly<Record<string, string | undefined>>;
	readonly now?: () => number;
}

/**
 * AWS's public list of SageMaker's prices in a region, read without an account and kept for 30 days. A list that cannot be had
 * anew is the one before. Rejects with `aws.unreachable` where there is none at all.
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 */
export class PriceLists {
	readonly #environment: Readonly<Record<string, string | undefined>>;
	readonly #now: () => number;

	constructor(private readonly options: PriceListsOptions) {
		this.#environment = options.environment ?? process.env;
		this.#now = options.now ?? Date.now;
	}

	/** Null where another cloud than AWS's own is asked, whose prices are not AWS's. */
	async list(region: string, signal: AbortSignal): Promise<PriceList | null> {
		const base = this.#base(region);
		if (base === null || !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) return null;
		const path = join(this.options.folder, `sagemaker-${region}.json`);
		const kept = await readKept(path);
		if (kept && this.#now() - kept.readMs < freshMs) return kept.list;
		try {
			const list = await download(`${base}/AmazonSageMaker/current/${region}/index.csv`, region, signal);
			await this.#keep(path, list);
			return list;
		} catch (error) {
			if (kept && !signal.aborted) return kept.list;
			throw error;
		}
	}

	#base(region: string): string | null {
		const { AWS_ENDPOINT_URL_PRICING: own, AWS_ENDPOINT_URL: other } = this.#environment;
		if (own) return `${own.replace(/\/+$/, "")}/offers/v1.0/aws`;
		if (other) return null;
		return region.startsWith("cn-")
			? "https://pricing.cn-northwest-1.amazonaws.com.cn/offers/v1.0/cn"
			: "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";
	}

	/** Another window may read it meanwhile. */
	async #keep(path: string, list: PriceList): Promise<void> {
		const draft = `${path}.${process.pid}.part`;
		await mkdir(this.options.folder, { recursive: true });
		await writeFile(draft, JSON.stringify({ readMs: this.#now(), list }));
		await rename(draft, path);
	}
}

async function readKept(path: string): Promise<z.infer<typeof keptSchema> | null> {
	try {
		return keptSchema.parse(JSON.parse(await readFile(path, "utf8")));
	} catch {
		// None yet, or half of one: it is read anew.
		return null;
	}
}

async function download(url: string, region: string, signal: AbortSignal): Promise<PriceList> {
	const reader = new PriceListReader(region);
	try {
		const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]) });
		if (!response.ok || !response.body) throw new GammaError("aws.unreachable", sentence(region, `${response.status}`));
		const decoder = new TextDecoder();
		let [bytes, rest] = [0, ""];
		for await (const chunk of response.body) {
			bytes += chunk.byteLength;
			if (bytes > mostBytes) throw new GammaError("aws.unreachable", sentence(region, "it is too long"));
			const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
			rest = lines.pop() ?? "";
			for (const line of lines) reader.take(line);
		}
		reader.take(rest);
	} catch (error) {
		if (signal.aborted) throw new GammaError("call.cancelled", "The prices are not asked for any more.");
		if (GammaError.is(error)) throw error;
		throw new GammaError("aws.unreachable", sentence(region, networkCode(error) || String(error)), { cause: error });
	}
	if (reader.list) return reader.list;
	throw new GammaError("aws.unreachable", sentence(region, "it is no list of prices"));
}

function sentence(region: string, why: string): string {
	return `AWS's prices of ${region} cannot be read (${why}): set your own in gamma.aws.prices, or try again later.`;
}
