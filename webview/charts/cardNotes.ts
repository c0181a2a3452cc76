import { formatCount } from "../common/number";
import type { DrawnLine } from "./chartLines";
import { countNotPositive } from "./ranges";

/** What a person must know to read the chart honestly: how much of it is drawn, and what is not. */
export function cardNotes(
	lines: readonly DrawnLine[],
	options: { logY: boolean; wantedRuns: number },
): { text: string; title: string } {
	const own = lines.filter(({ kind }) => kind !== "baseline");
	const total = own.reduce((sum, { line }) => sum + line.totalPoints, 0);
	const drawn = own.reduce((sum, { line }) => sum + line.drawnPoints, 0);
	const restarts = own.reduce((sum, { line }) => sum + line.breaks.length, 0);
	const notPositive = options.logY ? countNotPositive(lines) : 0;
	const marks = lines.reduce((sum, { line }) => sum + line.marks.length, 0);
	const withPoints = own.filter(({ line }) => line.totalPoints > 0).length;
	const notes = [`${formatCount(drawn)} of ${points(total)} drawn`];
	if (withPoints < options.wantedRuns) notes.push(`in ${withPoints} of ${options.wantedRuns} lines`);
	if (notPositive > 0) notes.push(`${points(notPositive)} ≤ 0 not drawn on the log scale`);
	if (marks > 0) notes.push(`${formatCount(marks)} not finite`);
	if (restarts > 0) notes.push(restarts === 1 ? "1 restart" : `${formatCount(restarts)} restarts`);
	const problems = lines.flatMap(({ name, line }) => (line.problem ? [`${name}: ${line.problem}`] : []));
	return { text: notes.join(" · "), title: [...notes, ...problems].join("\n") };
}

function points(count: number): string {
	return count === 1 ? "1 point" : `${formatCount(count)} points`;
}
