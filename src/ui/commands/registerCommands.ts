import * as vscode from "vscode";
import { type CommandName, commandId, commandNames } from "../../core/contributions";
import { type Disposable, Owner } from "../../core/disposable";
import type { Logger } from "../../core/logger";
import { reportProblem } from "./reportProblem";

/** What a command does. What menus and keys hand over is foreign: each handler looks at what it is given. */
export type CommandHandler = (...given: readonly unknown[]) => unknown;
export type CommandHandlers = Readonly<Record<CommandName, CommandHandler>>;

/** Every contributed command; one of the three places where an error ends. */
export function registerCommands(handlers: CommandHandlers, logger: Logger): Disposable {
	return new Commands(handlers, logger);
}

class Commands extends Owner {
	constructor(handlers: CommandHandlers, logger: Logger) {
		super();
		for (const name of commandNames) {
			this.own(
				vscode.commands.registerCommand(commandId(name), async (...given: readonly unknown[]) => {
					try {
						await handlers[name](...given);
					} catch (error) {
						await reportProblem(error, name, logger);
					}
				}),
			);
		}
	}
}
