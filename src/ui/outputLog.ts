import type * as vscode from "vscode";
import type { Logger } from "../core/logger";

type Details = Readonly<Record<string, unknown>>;

/** The log in VS Code's output panel. */
export function toLogger(channel: vscode.LogOutputChannel, name?: string): Logger {
	const line = (message: string, details?: Details) =>
		`${name === undefined ? "" : `[${name}] `}${message}${details ? ` ${JSON.stringify(details)}` : ""}`;
	return {
		debug: (message, details) => channel.debug(line(message, details)),
		info: (message, details) => channel.info(line(message, details)),
		warn: (message, details) => channel.warn(line(message, details)),
		error: (message, details) => channel.error(line(message, details)),
		child: (child) => toLogger(channel, name === undefined ? child : `${name}.${child}`),
	};
}
