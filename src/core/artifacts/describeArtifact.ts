import { formatAge } from "../durations";
import { toLine } from "../plainText";
import { formatMetric } from "../tree/formatMetric";
import { viewedKindOf } from "../viewer/viewedPath";
import type { PlaceEntry } from "./artifactPlace";
import { grouped, sizeText } from "./checkpointText";
import type { CheckpointMark } from "./markCheckpoints";

export interface ArtifactScene {
	readonly nowMs: number;
	readonly mark: CheckpointMark | undefined;
	/** Shown on the row, where it is known at the checkpoint's step. */
	readonly metric: string | null;
	/** Where it is, as an address that can be copied; null where there is none. */
	readonly address: string | null;
	readonly runName: string | null;
	readonly jobName: string | null;
	/** The place can be written to. */
	readonly canChange: boolean;
}

export interface ArtifactRowText {
	readonly label: string;
	readonly description: string;
	readonly tooltip: string;
	/** A codicon; null for the file's own by its name. */
	readonly icon: string | null;
	readonly iconColour: string | null;
	/** Words that menus match by regular expression: `file` or `folder`, `checkpoint`, `viewable`, `writable`, `s3`, `run`. */
	readonly contextValue: string;
	readonly spoken: string;
}

/** Storage classes that a read does not wait for. */
const immediate =
	/^(STANDARD|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|REDUCED_REDUNDANCY|GLACIER_IR|EXPRESS_ONEZONE)$/;

export function describeArtifact(entry: PlaceEntry, scene: ArtifactScene): ArtifactRowText {
	const { mark, metric, nowMs } = scene;
	const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
	const label = toLine(name, 160) || "(a name that cannot be seen)";
	const value = metric === null ? undefined : mark?.metrics[metric];
	const modifiedMs = entry.modifiedMs ?? mark?.timestampMs ?? null;
	const words = [
		...(mark?.isBest ? ["best"] : []),
		...(mark?.isLast ? ["last"] : []),
		...(mark && mark.step !== null ? [`step ${grouped(mark.step)}`] : []),
		...(value === undefined || metric === null ? [] : [`${toLine(metric, 40)} ${formatMetric(value)}`]),
		...(isArchived(entry) ? ["archived"] : []),
		...(entry.sizeBytes === null ? [] : [sizeText(entry.sizeBytes)]),
		...(modifiedMs === null ? [] : [formatAge(modifiedMs, nowMs)]),
	];
	return {
		label,
		description: words.join(" · "),
		tooltip: tooltipOf(entry, scene, modifiedMs),
		icon: entry.isDir ? "folder" : mark?.isBest ? "star-full" : mark ? "archive" : null,
		iconColour: mark?.isBest ? "charts.yellow" : null,
		contextValue: [
			entry.isDir ? "folder" : "file",
			...(mark ? ["checkpoint"] : []),
			...(!entry.isDir && viewedKindOf(entry.path) !== null ? ["viewable"] : []),
			...(scene.canChange ? ["writable"] : []),
			...(scene.address?.startsWith("s3:") ? ["s3"] : []),
			...(scene.runName === null ? [] : ["run"]),
		].join(" "),
		spoken: [label, entry.isDir ? "folder" : mark ? "checkpoint" : "file", ...words].join(", "),
	};
}

function isArchived({ storageClass }: PlaceEntry): boolean {
	return storageClass !== null && storageClass !== "" && !immediate.test(storageClass);
}

function tooltipOf(entry: PlaceEntry, scene: ArtifactScene, modifiedMs: number | null): string {
	const { mark, address, runName, jobName } = scene;
	const rows: readonly (readonly [string, string | null])[] = [
		["", toLine(entry.path, 500)],
		["Size", entry.sizeBytes === null ? null : `${sizeText(entry.sizeBytes)} (${grouped(entry.sizeBytes)} bytes)`],
		["Written", modifiedMs === null ? null : `${new Date(modifiedMs).toLocaleString("en")}`],
		["Storage class", entry.storageClass],
		[
			"",
			isArchived(entry)
				? "Archived: it must be restored in S3 before it can be read, which takes minutes to hours"
				: null,
		],
		["Run", runName],
		["Job", jobName],
		["Step", mark?.step === undefined || mark.step === null ? null : grouped(mark.step)],
		...Object.entries(mark?.metrics ?? {}).map(([name, value]) => [toLine(name, 80), formatMetric(value)] as const),
		["", mark?.isBest ? "The best checkpoint by the chosen metric" : null],
		["", mark?.isLast ? "The last checkpoint" : null],
		["", address === null ? null : toLine(address, 500)],
	];
	return rows
		.filter(([, value]) => value !== null)
		.map(([name, value]) => (name === "" ? value : `${name}: ${toLine(value ?? "", 300)}`))
		.join("\n");
}
