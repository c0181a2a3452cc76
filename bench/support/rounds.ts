import { loadavg } from "node:os";

export interface Timing {
	readonly medianMs: number;
	readonly minMs: number;
	readonly maxMs: number;
}

export interface Contest {
	readonly work: string;
	/** One round of the work, from nothing to the end; answers what it found, so that both sides can be compared. */
	readonly gamma: () => Promise<number>;
	/** Absent: there is no peer to measure, only the target. */
	readonly peer?: { readonly name: string; readonly run: () => Promise<number> };
	/** What performance.md asks for, e.g. `≥ 30 ×`. */
	readonly target: string;
	/** What both must find (runs, points); a difference fails the benchmark. */
	readonly expected?: number;
	readonly rounds?: number;
}

/** Runs both sides in turn (A B A B …) after one warm-up of each, and prints one row with the ratio of the medians. */
export async function contest({ work, gamma, peer, target, expected, rounds = 5 }: Contest): Promise<void> {
	const gammaMs: number[] = [];
	const peerMs: number[] = [];
	await timed(gamma, expected, []);
	if (peer && rounds > 1) await timed(peer.run, expected, []);
	const enough = endOfRounds(90_000);
	for (let round = 0; round < rounds && !enough(); round++) {
		await timed(gamma, expected, gammaMs);
		if (peer) await timed(peer.run, expected, peerMs);
	}
	const own = timing(gammaMs);
	const cells = [roundsNoted(work, gammaMs.length, rounds), show(own)];
	if (peer) {
		const other = timing(peerMs);
		cells.push(`${peer.name} ${show(other)}`, `${(other.medianMs / own.medianMs).toFixed(1)} ×`);
	} else cells.push("", "");
	cells.push(target, loadavg()[0]?.toFixed(1) ?? "");
	row(cells);
}

/** Whether the time for further rounds of a row is over: a part of the benchmark ends within minutes on a busy machine too. */
export function endOfRounds(mostMs: number): () => boolean {
	const began = performance.now();
	return () => performance.now() - began > mostMs;
}

/** The row's name, with its rounds where there were fewer than meant. */
export function roundsNoted(work: string, done: number, meant: number): string {
	return done < meant ? `${work} (${done} of ${meant} rounds)` : work;
}

export function header(title: string): void {
	process.stdout.write(`\n## ${title}\n`);
	row(["work", "Gamma", "peer", "ratio", "target", "load"]);
	row(["---", "---", "---", "---", "---", "---"]);
}

export function row(cells: readonly string[]): void {
	process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

export function show({ medianMs, minMs, maxMs }: Timing): string {
	return `${amount(medianMs)} (${amount(minMs)}–${amount(maxMs)})`;
}

export function timing(valuesMs: readonly number[]): Timing {
	const sorted = [...valuesMs].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	const medianMs = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
	return { medianMs, minMs: sorted[0] ?? Number.NaN, maxMs: sorted.at(-1) ?? Number.NaN };
}

function amount(ms: number): string {
	if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
	return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(2)} ms`;
}

async function timed(run: () => Promise<number>, expected: number | undefined, into: number[]): Promise<void> {
	const began = performance.now();
	const found = await run();
	into.push(performance.now() - began);
	if (expected !== undefined && found !== expected) throw new Error(`found ${found} instead of ${expected}`);
}
