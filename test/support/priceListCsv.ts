export interface PricedUse {
	readonly usageType: string;
	readonly price: string;
	readonly unit?: string;
	readonly term?: string;
}

/** A list of prices as AWS publishes it: five lines of what it is, the names of the columns, a line for each price. */
export function priceListCsv(prices: readonly PricedUse[], publishedAt = "2026-11-25T18:03:21Z"): string {
	const rows = [
		["FormatVersion", "v1.0"],
		["Disclaimer", 'For information only, "as it is", and without a warranty'],
		["Publication Date", publishedAt],
		["Version", "20261125180321"],
		["OfferCode", "AmazonSageMaker"],
		[
			...["SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"],
			...["EndingRange", "Unit", "PricePerUnit", "Currency", "Product Family", "serviceCode", "Location"],
			...["Location Type", "Instance Type", "usageType", "operation", "Component", "Region Code"],
		],
		...prices.map(({ usageType, price, unit = "Hrs", term = "OnDemand" }, at) => [
			...[
				`SKU${at}`,
				"JRTCKXETXF",
				`SKU${at}.JRTCKXETXF`,
				term,
				`$${price} for Train:ml.x.y, per hour`,
				"2026-11-01",
				"0",
			],
			...["Inf", unit, price, "USD", "ML Instance", "AmazonSageMaker", "EU (Frankfurt)"],
			...["AWS Region", "", usageType, "RunInstance", "Training", "eu-central-1"],
		]),
	];
	return `${rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n")}\n`;
}
