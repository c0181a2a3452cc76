interface Printed {
	readonly request: Readonly<Record<string, unknown>>;
	readonly log: readonly string[];
	readonly modifiedS: number;
}

/** Of each definition the last figure that its pattern finds. Python names groups as `(?P<…>`. */
export function finalMetrics({ request, log, modifiedS }: Printed): Record<string, unknown>[] {
	const { MetricDefinitions = [] } = (request.AlgorithmSpecification ?? {}) as {
		MetricDefinitions?: { Name: string; Regex: string }[];
	};
	return MetricDefinitions.flatMap(({ Name, Regex }) => {
		const pattern = new RegExp(Regex.replaceAll("(?P<", "(?<"));
		const values = log.flatMap((line) => pattern.exec(line)?.[1] ?? []).map(Number);
		const Value = values.at(-1);
		return Value === undefined || Number.isNaN(Value) ? [] : [{ MetricName: Name, Value, Timestamp: modifiedS }];
	});
}
