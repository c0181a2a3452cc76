import * as vscode from "vscode";
import { toIconFreeText } from "../../core/plainText";
import type { Relay } from "../../core/relay/relay";
import { type Member, type Project, type Role, roles } from "../../shared/relay/project";
import { askChoice, askText, back, type StepPlace } from "../steps";

export type MemberRelay = Pick<Relay, "members" | "addMember" | "removeMember">;

interface MemberChoice extends vscode.QuickPickItem {
	readonly member: Member | null;
}
interface RoleChoice extends vscode.QuickPickItem {
	readonly role: Role | "remove";
}

const roleDetails: Readonly<Record<Role, string>> = {
	owner: vscode.l10n.t("Changes settings and members, removes the project"),
	member: vscode.l10n.t("Stops and retries jobs, comments"),
	viewer: vscode.l10n.t("Sees everything, changes nothing"),
};

/** Who is in the project, and as what; an owner adds people and gives them other roles. `selfId` is the person's own id. */
export async function showMembers(
	relay: MemberRelay,
	project: Project,
	isOwner: boolean,
	selfId: string | null,
): Promise<void> {
	for (;;) {
		const members = await relay.members(project.id);
		const title = vscode.l10n.t("Members of {0}", toIconFreeText(project.name, 80));
		const place = { title, step: 1, totalSteps: isOwner ? 2 : 1, canGoBack: false };
		const chosen = await askChoice(place, hintOf(isOwner), choicesOf(members, isOwner, selfId));
		if (chosen === undefined || chosen === back || !isOwner) return;
		const inner = { ...place, step: 2, canGoBack: true };
		const isDone = chosen.member
			? await changeRole(relay, project, chosen.member, inner)
			: await addMember(relay, project, { ...inner, totalSteps: 3 });
		if (!isDone) return;
	}
}

function hintOf(isOwner: boolean): string {
	return isOwner
		? vscode.l10n.t("Choose somebody to give them another role")
		: vscode.l10n.t("Only an owner of the project changes who is in it");
}

function choicesOf(members: readonly Member[], isOwner: boolean, selfId: string | null): readonly MemberChoice[] {
	const shown = members.map(
		(member): MemberChoice => ({
			member,
			label: `$(account) ${toIconFreeText(member.name || member.userId, 80)}`,
			description: member.userId === selfId ? vscode.l10n.t("{0} · you", member.role) : member.role,
		}),
	);
	if (!isOwner) return shown;
	const add: MemberChoice = { member: null, label: `$(add) ${vscode.l10n.t("Add somebody…")}` };
	return [...shown, add];
}

/** Whether to go on with the list. */
async function changeRole(relay: MemberRelay, project: Project, member: Member, place: StepPlace): Promise<boolean> {
	const choices: RoleChoice[] = [
		...roles.map((role) => ({
			role,
			label: role,
			detail: roleDetails[role],
			description: role === member.role ? vscode.l10n.t("now") : "",
		})),
		{
			role: "remove" as const,
			label: `$(trash) ${vscode.l10n.t("Take out of the project")}`,
			detail: vscode.l10n.t("They no longer see its jobs; what they wrote stays"),
		},
	];
	const chosen = await askChoice(
		place,
		vscode.l10n.t("What is {0}?", toIconFreeText(member.name || member.userId, 80)),
		choices,
	);
	if (chosen === undefined) return false;
	if (chosen === back) return true;
	if (chosen.role === "remove") await relay.removeMember(project.id, member.userId);
	else if (chosen.role !== member.role) await relay.addMember(project.id, member.userId, chosen.role);
	return true;
}

async function addMember(relay: MemberRelay, project: Project, place: StepPlace): Promise<boolean> {
	const id = await askText(place, {
		prompt: vscode.l10n.t(
			"Their user ID. They find it with “Gamma: Copy My User ID”, once they have signed in to this relay.",
		),
		placeholder: "3f2b8c1e-…",
		problemOf: problemOfUserId,
	});
	if (id === undefined) return false;
	if (id === back) return true;
	const choices = roles.map((role) => ({ role, label: role, detail: roleDetails[role] }));
	const chosen = await askChoice({ ...place, step: 3 }, vscode.l10n.t("As what?"), choices);
	if (chosen === undefined) return false;
	if (chosen !== back) await relay.addMember(project.id, id.trim().toLowerCase(), chosen.role);
	return true;
}

function problemOfUserId(text: string): string | undefined {
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim())
		? undefined
		: vscode.l10n.t("A user ID looks like 3f2b8c1e-5a90-4a57-9c55-6f0f0a0c3d11.");
}
