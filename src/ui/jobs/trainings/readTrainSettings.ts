import * as vscode from "vscode";
import { defaultTrainSettings, parseTrainSettings, trainSettingsPath } from "../../../core/mmp/trainSettings";

/** `.gamma/train.json` of a folder. Unreadable settings say nothing of SageMaker; who submits with them hears of it. */
export async function readTrainSettings(folder: vscode.Uri) {
	try {
		const uri = vscode.Uri.joinPath(folder, trainSettingsPath);
		return parseTrainSettings(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
	} catch {
		return defaultTrainSettings;
	}
}
