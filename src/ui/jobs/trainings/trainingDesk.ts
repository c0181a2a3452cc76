import * as vscode from "vscode";
import { Owner } from "../../../core/disposable";
import { once } from "../../../core/once";
import type { TrainingsParts } from "./trainingPorts";
import type { Trainings } from "./trainings";

export interface TrainingDeskParts extends TrainingsParts {
	readonly load: () => Promise<typeof import("./trainings")>;
}

/** SageMaker's trainings as they stand at the start: nothing until the jobs are looked at in a trusted workspace. */
export class TrainingDesk extends Owner {
	readonly load: () => Promise<Trainings> = once(async () => {
		const { Trainings } = await this.parts.load();
		return this.own(new Trainings(this.parts));
	});

	constructor(private readonly parts: TrainingDeskParts) {
		super();
		const look = () => {
			if (parts.view.isVisible && vscode.workspace.isTrusted) void this.load();
		};
		this.own(parts.view.onDidChangeVisibility(look));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(look));
		look();
	}
}
