import * as vscode from "vscode";
import { toIconFreeText } from "../../core/plainText";
import { GammaError } from "../../shared/errors";
import type { Repository } from "../repository";

const most = 200;

/** Asks for one of the newest commits, that of HEAD first; null where none was picked. Rejects with `git.missing` without a repository. */
export async function pickCommit({ git, sources }: Repository): Promise<string | null> {
	if (!git) throw new GammaError("git.missing", "No git repository is open here: open the folder that holds the code.");
	const head = await git.head();
	const named = [head?.commit ?? [], ...sources.modelCommits.values(), sources.main?.commits ?? []].flat();
	const lines = await git.commitLines([...new Set(named)].slice(0, most));
	const rows = [...lines].map(([sha, line]) => ({
		label: toIconFreeText(line.subject, 120) || sha.slice(0, 7),
		description: toIconFreeText(`${sha.slice(0, 7)} · ${line.author}`, 120),
		sha,
		rank: sha === head?.commit ? Number.POSITIVE_INFINITY : line.committedMs,
	}));
	rows.sort((a, b) => b.rank - a.rank);
	const options = { placeHolder: vscode.l10n.t("Which commit?"), matchOnDescription: true };
	return (await vscode.window.showQuickPick(rows, options))?.sha ?? null;
}
