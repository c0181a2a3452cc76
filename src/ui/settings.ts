import * as vscode from "vscode";
import * as z from "zod/mini";
import { modelOpenings, type SettingKey, settingDefaults } from "../core/contributions";
import { jobNoticeLevels } from "../core/jobs/jobEnds";
import { groupings } from "../core/runs/runChoices";

const texts = z.array(z.string());
const schemas = {
	stores: texts,
	"mlflow.trackingUri": z.string(),
	"mlflow.headers": z.record(z.string(), z.record(z.string(), z.string())),
	"relay.url": z.string(),
	"relay.supabaseUrl": z.string(),
	"relay.supabaseAnonKey": z.string(),
	"agent.baseUrl": z.string(),
	"agent.model": z.string(),
	"aws.profile": z.string(),
	"aws.region": z.string(),
	"aws.endpoint": z.string(),
	"aws.prices": z.record(z.string(), z.number().check(z.minimum(0))),
	"runs.groupBy": z.enum(groupings),
	"runs.shownMetrics": texts,
	refreshSeconds: z.number().check(z.minimum(5), z.maximum(3600)),
	"viewer.openModels": z.enum(modelOpenings),
	"watch.rules": texts,
	"watch.notices": z.boolean(),
	"notices.runEnded": z.boolean(),
	"notices.jobEnded": z.enum(jobNoticeLevels),
	"notices.mutedBranches": texts,
} satisfies Record<SettingKey, z.ZodMiniType>;

type SettingValue<K extends SettingKey> = z.infer<(typeof schemas)[K]>;

/** A setting's value in force, or its default when it was written in another shape. */
export function readSetting<K extends SettingKey>(key: K): SettingValue<K> {
	return parsed(key, vscode.workspace.getConfiguration("gamma").get<unknown>(key));
}

/** `gamma.stores` by who wrote it: the person, or a file of the workspace (which VS Code withholds while it is not trusted). */
export function readStores(folder: vscode.Uri): {
	readonly personal: readonly string[];
	readonly workspace: readonly string[];
} {
	const found = vscode.workspace.getConfiguration("gamma", folder).inspect<unknown>("stores");
	return {
		personal: parsed("stores", found?.globalValue),
		workspace: vscode.workspace.isTrusted
			? [...parsed("stores", found?.workspaceValue), ...parsed("stores", found?.workspaceFolderValue)]
			: [],
	};
}

/** Calls back when one of these settings changed. */
export function onDidChangeSettings(keys: readonly SettingKey[], listener: () => void): vscode.Disposable {
	return vscode.workspace.onDidChangeConfiguration((event) => {
		if (keys.some((key) => event.affectsConfiguration(`gamma.${key}`))) listener();
	});
}

function parsed<K extends SettingKey>(key: K, value: unknown): SettingValue<K> {
	const result = schemas[key].safeParse(value);
	// The test of contributions holds defaults and schemas together.
	return (result.success ? result.data : settingDefaults[key]) as SettingValue<K>;
}
