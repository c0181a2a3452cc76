import * as vscode from "vscode";
import { toIconFreeText } from "../../core/plainText";
import {
	changeOfSetting,
	type ProjectSettingKey,
	problemOfSetting,
	projectSettingKeys,
	settingValue,
	settingWords,
	targetWords,
} from "../../core/projects/projectSettings";
import type { ProjectChange, Relay } from "../../core/relay/relay";
import { targets } from "../../shared/relay/job";
import type { Project } from "../../shared/relay/project";
import { askChoice, askText, back, type StepPlace } from "../steps";

interface SettingChoice extends vscode.QuickPickItem {
	readonly key: ProjectSettingKey;
}

/** One setting after the other, until the person leaves; each is saved when it is given. Answers the project as it is then. */
export async function editProject(relay: Pick<Relay, "changeProject">, given: Project): Promise<Project> {
	let project = given;
	for (;;) {
		const title = vscode.l10n.t("Settings of {0}", toIconFreeText(project.name, 80));
		const choices = projectSettingKeys.map(
			(key): SettingChoice => ({
				key,
				label: settingWords[key].label,
				description: toIconFreeText(settingValue(project, key), 120),
				detail: settingWords[key].explanation,
			}),
		);
		const place = { title, step: 1, totalSteps: 2, canGoBack: false };
		const chosen = await askChoice(place, vscode.l10n.t("Which one?"), choices);
		if (chosen === undefined || chosen === back) return project;
		const change = await askSetting({ ...place, step: 2, canGoBack: true }, project, chosen.key);
		if (change === undefined) return project;
		if (change !== back) project = await relay.changeProject(project.id, change);
	}
}

async function askSetting(
	place: StepPlace,
	project: Project,
	key: ProjectSettingKey,
): Promise<ProjectChange | typeof back | undefined> {
	if (key === "target") {
		const choices = targets.map((target) => ({
			...targetWords[target],
			target,
			description: target === project.target ? vscode.l10n.t("now") : "",
		}));
		const chosen = await askChoice(place, settingWords.target.explanation, choices);
		return chosen === undefined || chosen === back ? chosen : { target: chosen.target };
	}
	const { explanation, placeholder } = settingWords[key];
	const text = await askText(place, {
		prompt: explanation,
		value: settingValue(project, key),
		placeholder,
		problemOf: (given) => problemOfSetting(key, given),
	});
	return text === undefined || text === back ? text : changeOfSetting(key, text);
}
