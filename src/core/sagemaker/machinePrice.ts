import type { PriceList } from "./priceList";

/** What one machine costs for an hour. */
export interface MachinePrice {
	readonly perHour: number;
	/** ISO 4217. */
	readonly currency: string;
	/** The day of AWS's list; null for a price of the person's own settings. */
	readonly asOf: string | null;
}

/** The person's own price goes before AWS's; null where neither knows this kind of machine. */
export function priceOf(
	instanceType: string | null,
	own: Readonly<Record<string, number>>,
	list: PriceList | null,
): MachinePrice | null {
	if (instanceType === null) return null;
	const agreed = Object.hasOwn(own, instanceType) ? own[instanceType] : undefined;
	if (agreed !== undefined && agreed >= 0) return { perHour: agreed, currency: "USD", asOf: null };
	const listed = list && Object.hasOwn(list.perHour, instanceType) ? list.perHour[instanceType] : undefined;
	return list && listed !== undefined ? { perHour: listed, currency: list.currency, asOf: list.asOf } : null;
}
