import * as vscode from "vscode";
import { AwsAccess } from "../../core/aws/awsAccess";
import type { AwsProfile } from "../../core/aws/awsProfiles";
import { toolkitProfile } from "../../core/aws/toolkitProfile";
import { Owner } from "../../core/disposable";
import { lazyCommands } from "../commands/lazyCommands";
import { onDidChangeSettings, readSetting } from "../settings";

export interface AwsDeskParts {
	readonly dialogs: () => Promise<typeof import("./awsDialogs")>;
	readonly readProfiles: () => Promise<readonly AwsProfile[]>;
}

/** Which AWS this window asks, and whether it may: settings and commands, the rest is loaded when it is used. */
export class AwsDesk extends Owner {
	readonly access = this.own(
		new AwsAccess({
			readChoice: () => ({
				profile: readSetting("aws.profile") || profileOfToolkit(),
				region: readSetting("aws.region") || null,
				endpoint: readSetting("aws.endpoint") || null,
			}),
			onDidChangeChoice: (listener) => {
				const own = onDidChangeSettings(["aws.profile", "aws.region", "aws.endpoint"], () => listener());
				const toolkits = vscode.workspace.onDidChangeConfiguration((event) => {
					if (event.affectsConfiguration("aws.profile")) listener();
				});
				return vscode.Disposable.from(own, toolkits);
			},
		}),
	);

	constructor(private readonly parts: AwsDeskParts) {
		super();
	}

	commands() {
		const ports = { access: this.access, readProfiles: this.parts.readProfiles };
		return lazyCommands<ReturnType<typeof import("./awsDialogs")["awsCommands"]>>(
			{ chooseAwsProfile: true, signInToAws: true, copyAwsPolicy: true, retryAws: true },
			async () => (await this.parts.dialogs()).awsCommands(ports),
		);
	}
}

/** A workspace's word for what the AWS Toolkit uses is not taken. */
function profileOfToolkit(): string | null {
	return toolkitProfile(vscode.workspace.getConfiguration("aws").inspect<unknown>("profile")?.globalValue);
}
