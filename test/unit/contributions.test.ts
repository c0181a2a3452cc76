import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import {
	agentContainer,
	agentView,
	authenticationId,
	callbackPath,
	commandId,
	commandNames,
	contextKeys,
	extensionId,
	jobsViewStates,
	personalSettings,
	projectsViewStates,
	runColourId,
	settingDefaults,
	viewContainer,
	viewStates,
	views,
	walkthroughId,
} from "../../src/core/contributions";
import { jobNoticeLevels } from "../../src/core/jobs/jobEnds";
import { groupings } from "../../src/core/runs/runChoices";
import { runColours } from "../../src/shared/palette";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const ruled = z.object({
	command: z.optional(z.string()),
	submenu: z.optional(z.string()),
	when: z.optional(z.string()),
	group: z.optional(z.string()),
	enablement: z.optional(z.string()),
});
const manifest = z
	.object({
		activationEvents: z.array(z.string()),
		capabilities: z.object({
			untrustedWorkspaces: z.object({ supported: z.string(), restrictedConfigurations: z.array(z.string()) }),
		}),
		contributes: z.object({
			viewsContainers: z.object({
				activitybar: z.array(z.object({ id: z.string(), icon: z.string() })),
				secondarySidebar: z.array(z.object({ id: z.string(), icon: z.string() })),
			}),
			views: z.record(z.string(), z.array(z.object({ id: z.string(), visibility: z.optional(z.string()) }))),
			viewsWelcome: z.array(z.object({ view: z.string(), when: z.optional(z.string()), contents: z.string() })),
			commands: z.array(
				z.object({
					command: z.string(),
					title: z.string(),
					category: z.string(),
					icon: z.optional(z.string()),
					enablement: z.optional(z.string()),
				}),
			),
			submenus: z.array(z.object({ id: z.string(), label: z.string() })),
			menus: z.record(z.string(), z.array(ruled)),
			keybindings: z.array(
				z.object({
					command: z.string(),
					key: z.string(),
					when: z.string(),
					args: z.optional(z.object({ commands: z.array(z.union([z.string(), z.object({ command: z.string() })])) })),
				}),
			),
			authentication: z.array(z.object({ id: z.string(), label: z.string() })),
			configuration: z.array(
				z.object({
					title: z.string(),
					properties: z.record(
						z.string(),
						z.object({
							default: z.unknown(),
							scope: z.string(),
							markdownDescription: z.string(),
							enum: z.optional(z.array(z.string())),
						}),
					),
				}),
			),
			colors: z.array(z.object({ id: z.string(), defaults: z.record(z.string(), z.string()) })),
			walkthroughs: z.array(
				z.object({
					id: z.string(),
					steps: z.array(
						z.object({
							id: z.string(),
							description: z.string(),
							completionEvents: z.array(z.string()),
							media: z.object({ svg: z.string() }),
						}),
					),
				}),
			),
		}),
	})
	.parse(JSON.parse(read("package.json")));
const { contributes } = manifest;
const nls = z.record(z.string(), z.string()).parse(JSON.parse(read("package.nls.json")));
const commandIds = commandNames.map(commandId);
const properties = Object.assign(
	{},
	...contributes.configuration.map((group) => group.properties),
) as (typeof contributes.configuration)[number]["properties"];

test("package.json and contributions.ts name the same commands", () => {
	expect(contributes.commands.map(({ command }) => command)).toEqual(commandIds);
});

test("every command has the category Gamma, a title from package.nls.json and an icon that exists", () => {
	const sheet = read("node_modules/@vscode/codicons/dist/codicon.css");
	const codicons = new Set([...sheet.matchAll(/\.codicon-([a-z0-9-]+):before/g)].map(([, name]) => name));
	for (const { command, title, category, icon } of contributes.commands) {
		expect({ command, category }).toEqual({ command, category: "Gamma" });
		expect(title).toBe(`%command.${command.slice("gamma.".length)}%`);
		if (icon !== undefined) expect(codicons).toContain(/^\$\(([a-z-]+)\)$/.exec(icon)?.[1]);
	}
});

test("every text that is named is defined, and every defined one is used", () => {
	const used = [...read("package.json").matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? "");
	expect([...new Set(used)].sort()).toEqual(Object.keys(nls).sort());
});

test("package.json and contributions.ts name the same views and container", () => {
	expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([viewContainer]);
	expect(contributes.viewsContainers.secondarySidebar.map(({ id }) => id)).toEqual([agentContainer]);
	expect(contributes.views[agentContainer]?.map(({ id }) => id)).toEqual([agentView]);
	expect(contributes.views[viewContainer]?.map(({ id }) => id)).toEqual(Object.values(views));
	expect(contributes.views[viewContainer]?.find(({ id }) => id === views.filters)?.visibility).toBe("collapsed");
});

test("package.json and contributions.ts name the same settings, with the same defaults", () => {
	const declared = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value.default]));
	const expected = Object.fromEntries(
		Object.entries(settingDefaults).map(([key, value]) => [`gamma.${key}`, structuredClone(value)]),
	);
	expect(declared).toEqual(expected);
	expect(properties["gamma.runs.groupBy"]?.enum).toEqual([...groupings]);
	expect(properties["gamma.notices.jobEnded"]?.enum).toEqual([...jobNoticeLevels]);
	for (const { title } of contributes.configuration) expect(title).toMatch(/^%settings\./);
});

test("the account in the Accounts menu is named alike, and the sign-in's way back is in the setting's text", () => {
	expect(contributes.authentication).toEqual([{ id: authenticationId, label: "Gamma" }]);
	expect(nls["setting.relay.supabaseUrl"]).toContain(`vscode://${extensionId}${callbackPath}**`);
});

test("no workspace can say where requests or what opens doors go, and an untrusted one names no store", () => {
	for (const key of personalSettings) expect(["machine", "application"]).toContain(properties[`gamma.${key}`]?.scope);
	for (const [key, { scope, markdownDescription }] of Object.entries(properties)) {
		const isPersonal = ["machine", "application"].includes(scope);
		if (isPersonal) continue;
		const text = nls[markdownDescription.slice(1, -1)] ?? "";
		if (/server/i.test(text) && key !== "gamma.refreshSeconds") {
			expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(key);
		}
	}
	expect(manifest.capabilities.untrustedWorkspaces.supported).toBe("limited");
});

const conditions = [
	...contributes.viewsWelcome.map(({ when }) => when),
	...Object.values(contributes.menus)
		.flat()
		.map(({ when }) => when),
	...contributes.commands.map(({ enablement }) => enablement),
	...contributes.keybindings.map(({ when }) => when),
	...contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents)),
].filter((when) => when !== undefined);

test("every context key that a condition asks for is known, every known one asked for", () => {
	const ofViews = Object.values(views).flatMap((view) => [view, `${view}.focus`]);
	const known: readonly string[] = [...contextKeys, ...commandIds, ...ofViews];
	const asked = new Set(conditions.flatMap((when) => [...when.matchAll(/\bgamma\.[A-Za-z.]+/g)].map(([key]) => key)));
	expect([...asked].filter((key) => !known.includes(key))).toEqual([]);
	expect(contextKeys.filter((key) => !asked.has(key))).toEqual([]);
});

test("every state of the view but the list itself has a text, and it is the only one for that state", () => {
	const stated = contributes.viewsWelcome
		.filter(({ view }) => view === views.runs)
		.map(({ when }) => /^gamma\.state == (\w+)$/.exec(when ?? "")?.[1]);
	expect(stated).toEqual(viewStates.filter((state) => state !== "ready"));
});

test.each([
	[views.jobs, "gamma.jobsState", jobsViewStates],
	[views.projects, "gamma.projectsState", projectsViewStates],
] as const)("every state of %s but the list itself has one text of its own", (view, key, states) => {
	const ofView = contributes.viewsWelcome.filter((welcome) => welcome.view === view);
	const stated = ofView.map(({ when }) => new RegExp(`^${key} == (\\w+)$`).exec(when ?? "")?.[1]).filter(Boolean);
	expect(stated).toEqual(states.filter((state) => state !== "ready"));
	for (const { when } of ofView) expect(when).toContain(key);
});

test("texts link only to commands that exist", () => {
	const linked = Object.values(nls).flatMap((text) => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id));
	const ofEditor = ["workbench.action.files.openFolder", "workbench.trust.manage", "git.init", "git.clone"];
	const foreign = [...ofEditor, `${views.runs}.focus`, `${views.projects}.focus`];
	expect(linked.filter((id) => !foreign.includes(id ?? "") && !(commandIds as string[]).includes(id ?? ""))).toEqual(
		[],
	);
});

test("menus and keys name commands that exist, and every command can be reached", () => {
	const submenus = contributes.submenus.map(({ id }) => id);
	const inMenus = Object.values(contributes.menus).flat();
	for (const { command, submenu } of inMenus) expect([...commandIds, ...submenus]).toContain(command ?? submenu);
	for (const { command, when, args } of contributes.keybindings) {
		const ids = (args?.commands ?? [command]).map((each) => (typeof each === "string" ? each : each.command));
		const own = ids.filter((id) => !id.startsWith("list."));
		expect(commandIds).toEqual(expect.arrayContaining(own));
		expect(when).toMatch(/focusedView == gamma\.|^gamma\.edits\.here && /);
	}
	const hidden = (contributes.menus.commandPalette ?? []).filter(({ when }) => when === "false");
	const elsewhere = new Set(
		Object.entries(contributes.menus).flatMap(([menu, entries]) =>
			menu === "commandPalette" ? [] : entries.map(({ command }) => command),
		),
	);
	// Reached by a row's click, by the status bar and by the space bar.
	const byClick = [
		...["gamma.previewRun", "gamma.showMore", "gamma.openActiveRuns", "gamma.toggleChecked"],
		...["gamma.previewJob", "gamma.openActiveJob"],
	];
	expect(
		hidden.map(({ command }) => command ?? "").filter((id) => !elsewhere.has(id) && !byClick.includes(id)),
	).toEqual([]);
});

test("a command that only a row can answer is not in the palette", () => {
	const rowOnly = new Set(
		["view/item/context", "gamma.copy"].flatMap((menu) =>
			(contributes.menus[menu] ?? []).map(({ command }) => command),
		),
	);
	const palette = new Map((contributes.menus.commandPalette ?? []).map(({ command, when }) => [command, when]));
	// Of a job every command asks which, where nothing says it.
	const ofJobs = ["openJob", "showJobLog", "stopJob", "retryJob", "rerunJob", "openJobCommit", "openJobOnGitHub"];
	const ofLogs = ["downloadJobLog", "rerunWorkflow", "rerunFailedJobs", "cancelWorkflow"];
	const ofTrainings = ["cloneTraining", "openTrainingInConsole", "copyTrainingArn", "copyTrainingName"];
	// Of proposed edits the editor in front says which.
	const ofEdits = ["acceptEdit", "rejectEdit", "acceptFileEdits", "rejectFileEdits", "commitEdits"];
	const alsoElsewhere = [
		...ofEdits.map((name) => `gamma.${name}`),
		...["gamma.openRun", "gamma.clearBaseline", "gamma.showLog", "gamma.whyDidItChange"],
		...[
			...ofJobs,
			...ofLogs,
			...ofTrainings,
			"compareJobToBaseline",
			"generateSummary",
			"copyJobId",
			"copyJobCommit",
		].map((name) => `gamma.${name}`),
	];
	for (const command of rowOnly) {
		if (command !== undefined && !alsoElsewhere.includes(command))
			expect([command, palette.get(command)]).toEqual([command, "false"]);
	}
});

test("the colours are the palette's, in all four kinds of theme", () => {
	expect(contributes.colors.map(({ id, defaults }) => ({ id, defaults }))).toEqual(
		runColours.map(({ dark, light }, slot) => ({
			id: runColourId(slot),
			defaults: { dark, light, highContrast: dark, highContrastLight: light },
		})),
	);
});

test("the walkthrough has at most five steps, each with a picture that follows the theme and a way to be done", () => {
	const [walkthrough] = contributes.walkthroughs;
	expect(walkthrough?.id).toBe(walkthroughId);
	expect(walkthrough?.steps.length).toBeLessThanOrEqual(5);
	for (const step of walkthrough?.steps ?? []) {
		expect(step.completionEvents.length).toBeGreaterThan(0);
		expect(existsSync(join(root, step.media.svg)), step.media.svg).toBe(true);
		expect(read(step.media.svg).replaceAll(/var\(--vscode-[\w-]+\)/g, "")).not.toMatch(
			/#[0-9a-f]{3,6}\b|rgb\(|<script|href=/i,
		);
	}
});

test("nothing starts Gamma but its view, a link or a file it knows", () => {
	for (const event of manifest.activationEvents)
		expect(event).toMatch(
			/^(workspaceContains:(?!\*\*$).+|onUri|onFileSystem:gamma-(log|edit|artifact)|onWebviewPanel:gamma\.(job|loggedViewer))$/,
		);
});
