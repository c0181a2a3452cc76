import * as vscode from "vscode";
import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import { sizeText } from "../../core/artifacts/checkpointText";
import { toIconFreeText } from "../../core/plainText";
import { toFailure } from "../../shared/errors";
import { walkPlace } from "./walkPlace";

/** More are not looked through: a list of these is long enough to narrow the search. */
const mostFiles = 20_000;
/** Rows are handed over in batches: a quick pick that grows one by one is slow. */
const batch = 500;

/**
 * Has the person find a file below a folder, while it is still being listed. A place that can is asked for what begins as it
 * was typed too: what would come last of 50,000 is there with its first letters.
 */
export async function searchArtifacts(place: ArtifactPlace, folder: string): Promise<PlaceEntry | undefined> {
	const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly entry: PlaceEntry }>();
	pick.title = vscode.l10n.t("Search Artifacts");
	pick.placeholder = vscode.l10n.t("A part of a file's path");
	pick.busy = true;
	const abort = new AbortController();
	const ended = new Promise<PlaceEntry | undefined>((done) => {
		pick.onDidAccept(() => done(pick.selectedItems[0]?.entry));
		pick.onDidHide(() => done(undefined));
	});
	pick.show();
	const here = new Set<string>();
	const show = (entries: readonly PlaceEntry[]) => {
		const isNew = entries.filter(({ path }) => !here.has(path) && here.add(path));
		if (isNew.length > 0) pick.items = [...pick.items, ...isNew.map(toItem)];
	};
	const fill = async () => {
		let waiting: PlaceEntry[] = [];
		for await (const entry of walkPlace(place, folder, abort.signal)) {
			waiting.push(entry);
			if (waiting.length < batch) continue;
			show(waiting);
			waiting = [];
			if (here.size >= mostFiles) break;
		}
		show(waiting);
	};
	let asking = new AbortController();
	pick.onDidChangeValue((start) => {
		asking.abort();
		asking = new AbortController();
		const { signal } = asking;
		const found = start === "" ? undefined : place.startingWith?.(folder, start, signal);
		// Whatever keeps this from being answered, the list itself says.
		found?.then((entries) => !signal.aborted && show(entries)).catch(() => {});
	});
	const filling = fill()
		.catch((error: unknown) => {
			if (!abort.signal.aborted) pick.placeholder = toFailure(error).message;
		})
		.finally(() => {
			pick.busy = false;
		});
	const found = await ended;
	abort.abort();
	asking.abort();
	await filling;
	pick.dispose();
	return found;
}

function toItem(entry: PlaceEntry) {
	const description = entry.sizeBytes === null ? "" : sizeText(entry.sizeBytes);
	return { label: toIconFreeText(entry.path, 300), description, entry };
}
