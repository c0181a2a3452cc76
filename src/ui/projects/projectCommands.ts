import * as vscode from "vscode";
import type { ProjectEntry, ProjectModel } from "../../core/projects/projectModel";
import { GammaError } from "../../shared/errors";
import { editProject } from "./editProject";
import { addProject, type ProjectScene, removeProject } from "./projectDialogs";
import { showMembers } from "./projectMembers";
import type { ProjectsTree, ProjectViewRow } from "./projectsTree";

export interface ProjectCommandsParts extends ProjectScene {
	readonly projects: ProjectModel;
	readonly tree: ProjectsTree;
	readonly selection: () => readonly ProjectViewRow[];
	readonly userId: () => Promise<string | null>;
}

/** Commands of the view "Projects". A row's menu hands the row over; from a key it is the selected one. */
export function projectCommands(parts: ProjectCommandsParts) {
	const given = (row: unknown): ProjectEntry | undefined => parts.tree.entryOf(row ?? parts.selection()[0]);
	const owned = (row: unknown): ProjectEntry | undefined => {
		const entry = given(row);
		if (!entry || entry.role === "owner") return entry;
		throw new GammaError(
			"relay.refused",
			vscode.l10n.t("Only an owner of {0} may do that; its members list says who is one.", entry.project.name),
		);
	};
	return {
		addProject: () => addProject(parts),
		editProject: async (row: unknown) => {
			const entry = owned(row);
			if (!entry) return;
			const changed = await editProject(await parts.relay(), entry.project);
			if (changed !== entry.project) await parts.refresh();
		},
		showMembers: async (row: unknown) => {
			const entry = given(row);
			if (!entry) return;
			await showMembers(await parts.relay(), entry.project, entry.role === "owner", parts.projects.snapshot.userId);
			await parts.refresh();
		},
		removeProject: async (row: unknown) => {
			const entry = owned(row);
			if (entry) await removeProject(parts, entry);
		},
		openProjectOnForge: async (row: unknown) => {
			const entry = given(row);
			if (!entry) return;
			const host = entry.isHere ? (parts.forge()?.host ?? "github.com") : "github.com";
			await vscode.env.openExternal(vscode.Uri.parse(`https://${host}/${entry.project.repository}`, true));
		},
		copyUserId: async () => {
			const id = await parts.userId();
			if (id === null) {
				throw new GammaError(
					"relay.refused",
					vscode.l10n.t("Only a relay that people sign in to knows users: connect to one first."),
				);
			}
			await vscode.env.clipboard.writeText(id);
			vscode.window.setStatusBarMessage(vscode.l10n.t("User ID copied"), 3_000);
		},
		refreshProjects: () => parts.refresh(),
	};
}
