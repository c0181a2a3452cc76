/** A file of its own (dist/awsDialogs.cjs): what is asked about AWS, loaded when a person asks for it. */
import * as vscode from "vscode";
import type { AwsAccess } from "../../core/aws/awsAccess";
import type { AwsChoice } from "../../core/aws/awsChoice";
import { type AwsUse, type PolicyPlace, toAwsPolicy } from "../../core/aws/awsPolicy";
import type { AwsProfile } from "../../core/aws/awsProfiles";
import { isPlaceholder } from "../../core/mmp/placeholder";
import { GammaError } from "../../shared/errors";
import { readTrainSettings } from "../jobs/trainings/readTrainSettings";

export interface AwsDialogsParts {
	readonly access: AwsAccess;
	readonly readProfiles: () => Promise<readonly AwsProfile[]>;
}

export function awsCommands({ access, readProfiles }: AwsDialogsParts) {
	return {
		chooseAwsProfile: async () => {
			const profiles = await readProfiles();
			const chosen = await askProfile(profiles, access.choice.profile);
			if (chosen === undefined) return;
			const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
			const known = profiles.find(({ name }) => name === (chosen || "default"))?.region;
			const needsRegion = !(known || access.choice.region || AWS_REGION || AWS_DEFAULT_REGION);
			const region = needsRegion ? await askRegion() : undefined;
			if (needsRegion && region === undefined) return;
			const settings = vscode.workspace.getConfiguration("gamma.aws");
			await settings.update("profile", chosen || undefined, vscode.ConfigurationTarget.Global);
			if (region !== undefined) await settings.update("region", region, vscode.ConfigurationTarget.Global);
			access.retry();
		},
		signInToAws: async () => {
			const { profile } = access.choice;
			const name = profile ?? process.env.AWS_PROFILE ?? "default";
			const found = (await readProfiles()).find((each) => each.name === name);
			if (found?.kind === "keys" || found?.kind === "process") {
				throw new GammaError(
					"aws.noCredentials",
					vscode.l10n.t(
						"The profile {0} has no browser sign-in: renew its credentials with the tool that made them, or choose another profile.",
						name,
					),
				);
			}
			if (await login(profile)) access.retry();
		},
		copyAwsPolicy: async () => {
			const uses = await askUses();
			if (!uses) return;
			const place = await findPlace(access.choice, await readProfiles());
			const policy = JSON.stringify(toAwsPolicy(place, uses), null, 2);
			await vscode.env.clipboard.writeText(policy);
			void vscode.window.showInformationMessage(
				policy.includes("<")
					? vscode.l10n.t("The policy is in the clipboard. Put your bucket and role where it says <…>.")
					: vscode.l10n.t("The policy is in the clipboard, for the bucket and the role of .gamma/train.json."),
			);
		},
		retryAws: async () => access.retry(),
	};
}

/** Where this workspace trains, as far as it and AWS's own files say. */
async function findPlace(choice: AwsChoice, profiles: readonly AwsProfile[]): Promise<PolicyPlace> {
	const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE } = process.env;
	const name = choice.profile ?? AWS_PROFILE ?? "default";
	const ofProfile = profiles.find((each) => each.name === name)?.region;
	const region = choice.region || AWS_REGION || AWS_DEFAULT_REGION || ofProfile || null;
	const told = (text: string | null) => (text === null || isPlaceholder(text) ? null : text);
	for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
		const { bucket, role } = (await readTrainSettings(uri)).sagemaker;
		if (told(bucket) !== null || told(role) !== null) return { region, bucket: told(bucket), role: told(role) };
	}
	return { region, bucket: null, role: null };
}

const kinds: Readonly<Record<AwsProfile["kind"], string>> = {
	sso: "signs in through the browser",
	role: "takes on a role",
	keys: "access keys",
	process: "asks a program",
	other: "",
};

/** The profile's name, an empty text for AWS's own order, undefined when the person left. */
async function askProfile(profiles: readonly AwsProfile[], current: string | null): Promise<string | undefined> {
	const picks = profiles.map(({ name, region, kind }) => ({
		label: name,
		description: [kinds[kind], region ?? "", name === current ? vscode.l10n.t("in use") : ""]
			.filter((part) => part !== "")
			.join(" · "),
		name,
	}));
	const usual = {
		label: vscode.l10n.t("As AWS's Own Tools Choose"),
		description: vscode.l10n.t("environment, AWS_PROFILE, else the default profile"),
		name: "",
	};
	const chosen = await vscode.window.showQuickPick([usual, ...picks], {
		title: vscode.l10n.t("AWS Profile"),
		placeHolder:
			profiles.length > 0
				? vscode.l10n.t("Which profile asks SageMaker, CloudWatch and S3?")
				: vscode.l10n.t("No profile in ~/.aws yet: “aws configure sso” makes one"),
	});
	return chosen?.name;
}

async function askRegion(): Promise<string | undefined> {
	const text = await vscode.window.showInputBox({
		title: vscode.l10n.t("AWS Region"),
		prompt: vscode.l10n.t("The profile names no region: where do your trainings run?"),
		placeHolder: "eu-central-1",
		validateInput: (typed) =>
			/^[a-z]{2}(-[a-z]+)+-\d+$/.test(typed.trim()) ? null : vscode.l10n.t("A region is a word such as eu-central-1."),
	});
	return text?.trim();
}

/** Runs AWS's own sign-in where the person sees it; true once it went well. */
async function login(profile: string | null): Promise<boolean> {
	const args = ["sso", "login", ...(profile === null ? [] : ["--profile", profile])];
	const task = new vscode.Task(
		{ type: "gamma.aws" },
		vscode.TaskScope.Global,
		vscode.l10n.t("Sign In to AWS"),
		"Gamma",
		// Words and not a line for a shell: a profile's name is a file's text.
		new vscode.ProcessExecution("aws", args),
	);
	task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true };
	const begun = await vscode.tasks.executeTask(task);
	return new Promise((done) => {
		const ended = vscode.tasks.onDidEndTask(({ execution }) => {
			if (execution !== begun) return;
			closing.dispose();
			ended.dispose();
			done(wentWell);
		});
		let wentWell = false;
		const closing = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
			if (execution === begun) wentWell = exitCode === 0;
		});
	});
}

async function askUses(): Promise<readonly AwsUse[] | undefined> {
	const uses: readonly { readonly label: string; readonly use: AwsUse; readonly picked: boolean }[] = [
		{ label: vscode.l10n.t("See trainings"), use: "watch", picked: true },
		{ label: vscode.l10n.t("Read their logs"), use: "logs", picked: true },
		{ label: vscode.l10n.t("List and download artifacts and checkpoints"), use: "read", picked: true },
		{ label: vscode.l10n.t("Begin and stop trainings, upload files"), use: "train", picked: false },
		{ label: vscode.l10n.t("Delete artifacts"), use: "remove", picked: false },
	];
	const chosen = await vscode.window.showQuickPick([...uses], {
		title: vscode.l10n.t("AWS Policy"),
		placeHolder: vscode.l10n.t("What may Gamma do with this account?"),
		canPickMany: true,
	});
	return chosen && chosen.length > 0 ? chosen.map(({ use }) => use) : undefined;
}
