import { diffChars } from "diff";
import { GammaError } from "../../shared/errors";
import { compareByCodePoint } from "../codePoints";
import { toLine } from "../plainText";

const mostNamed = 5;
/** Beyond this a name is no typing error of another. */
const mostCompared = 200;

/** `known`: the metrics that the run has, of which those that were likely meant are named. */
export function metricMissing(runId: string, metric: string, known: readonly string[] = []): GammaError {
	const missing = `The run ${runId} has no metric ${toLine(JSON.stringify(metric))}.`;
	const near = nearest(metric, known).map((name) => toLine(name, 80));
	const more = known.length - near.length;
	const has = near.length === 0 ? "" : ` It has ${near.join(", ")}${more > 0 ? `, and ${more} more` : ""}.`;
	return new GammaError("metric.missing", missing + has);
}

function nearest(metric: string, known: readonly string[]): readonly string[] {
	const sought = metric.slice(0, mostCompared);
	return known
		.map((name) => ({ name, distance: distanceOf(sought, name.slice(0, mostCompared)) }))
		.sort((a, b) => a.distance - b.distance || compareByCodePoint(a.name, b.name))
		.slice(0, mostNamed)
		.map(({ name }) => name);
}

/** Letters to take out and put in. */
function distanceOf(from: string, to: string): number {
	return diffChars(from, to)
		.filter(({ added, removed }) => added || removed)
		.reduce((sum, { value }) => sum + value.length, 0);
}
