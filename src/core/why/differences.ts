import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";

/** A named value that differs between the base and the other run; null where a run has none. */
export interface Difference {
	readonly name: string;
	readonly base: string | null;
	readonly other: string | null;
}

export interface Differences {
	readonly params: readonly Difference[];
	readonly data: readonly Difference[];
	readonly environment: readonly Difference[];
}

const dataLike = /(^|[._\-/])(data(set)?s?|digest|dvc|split|corpus|lakefs)([._\-/]|$|version|hash|path|dir|root)/i;
/** What MLflow writes of each run by itself and what differs between any two. */
const own =
	/^mlflow\.(runName|source\.git\.|gitBranchName|git\.diff|log-model|loggedArtifacts|parentRunId|note|runColor|run_uuid|user$|autologging)/;

/** What differs between two runs beside their code. Values are whole; what is shown cuts them. */
export function differencesOf(base: Run, other: Run): Differences {
	const params = differing(base.params, other.params);
	const [baseTags, otherTags] = [base.tags, other.tags].map((tags) =>
		Object.fromEntries(Object.entries(tags).filter(([name]) => !own.test(name))),
	);
	const tags = differing(baseTags ?? {}, otherTags ?? {});
	return {
		params: params.filter(({ name }) => !dataLike.test(name)),
		data: [
			...differing(dataOf(base), dataOf(other)),
			...[...params, ...tags].filter(({ name }) => dataLike.test(name)),
		],
		environment: [
			...differing({ user: base.userId ?? "" }, { user: other.userId ?? "" }),
			...tags.filter(({ name }) => !dataLike.test(name)),
		],
	};
}

/** Inputs by what they are for: name and digest, which is what tells two versions apart. */
function dataOf({ datasets = [] }: Run): Record<string, string> {
	const all: Record<string, string> = {};
	for (const { name, digest, context } of datasets) {
		const of = context ?? "input";
		all[of] = [...(all[of] === undefined ? [] : [all[of]]), `${name} (${digest})`].join(", ");
	}
	return all;
}

function differing(base: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): Difference[] {
	const names = [...new Set([...Object.keys(base), ...Object.keys(other)])].sort(compareByCodePoint);
	const logged = (of: Readonly<Record<string, string>>, name: string) =>
		Object.hasOwn(of, name) ? (of[name] ?? null) : null;
	return names
		.map((name) => ({ name, base: logged(base, name), other: logged(other, name) }))
		.filter((one) => one.base !== one.other);
}
