import type { Socket } from "node:net";
import { Problem } from "./problem";

/** What is no HTTP, or did not come whole in time, never becomes a request: the answer goes to the line itself. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
	if (error.code === "ECONNRESET" || !socket.writable) {
		socket.destroy(error);
		return;
	}
	const problem = toProblem(error.code);
	const body = JSON.stringify(problem);
	const lines = [
		`HTTP/1.1 ${problem.status} ${String(problem.toJSON().title)}`,
		"Content-Type: application/problem+json",
		`Content-Length: ${Buffer.byteLength(body)}`,
		"Connection: close",
	];
	socket.once("finish", () => socket.destroy());
	socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

function toProblem(code: string | undefined): Problem {
	switch (code) {
		case "ERR_HTTP_REQUEST_TIMEOUT":
			return new Problem(408, "The request did not come whole in time.");
		case "HPE_HEADER_OVERFLOW":
			return new Problem(431, "The headers of the request are too large.");
		default:
			return new Problem(400, "That is no request of HTTP.");
	}
}
