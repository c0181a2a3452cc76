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

/** Has the person find a file below a folder, while it is still being listed. */
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
	const fill = async () => {
		let waiting: { label: string; description: string; entry: PlaceEntry }[] = [];
		const handOver = () => {
			pick.items = [...pick.items, ...waiting];
			waiting = [];
		};
		for await (const entry of walkPlace(place, folder, abort.signal)) {
			const description = entry.sizeBytes === null ? "" : sizeText(entry.sizeBytes);
			waiting.push({ label: toIconFreeText(entry.path, 300), description, entry });
			if (waiting.length >= batch) handOver();
			if (pick.items.length >= mostFiles) break;
		}
		handOver();
	};
	const filling = fill()
		.catch((error: unknown) => {
			if (!abort.signal.aborted) pick.placeholder = toFailure(error).message;
		})
		.finally(() => {
			pick.busy = false;
		});
	const found = await ended;
	abort.abort();
	await filling;
	pick.dispose();
	return found;
}
