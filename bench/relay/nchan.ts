import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/peers";
import { type ChildServer, childrenOf, end } from "./childServer";

/** Debian's nginx with its module; absent where they could not be installed. */
export const nginx = process.env.GAMMA_NGINX || undefined;

/** One worker, as one relay is one process. `GET /events` subscribes, `POST /publish` tells everybody. */
export async function startNchan(): Promise<ChildServer> {
	const home = mkdtempSync(join(tmpdir(), "gamma-nchan-"));
	const port = await freePort();
	writeFileSync(
		join(home, "nginx.conf"),
		`load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${home}/nginx.pid;
error_log ${home}/error.log crit;
events { worker_connections 16000; }
http {
	access_log off;
	server {
		listen 127.0.0.1:${port} backlog=8192;
		location = /events { nchan_subscriber eventsource; nchan_channel_id bench; nchan_subscriber_first_message newest; }
		location = /publish { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 1000; }
	}
}
`,
	);
	const child = spawn(nginx ?? "", ["-p", home, "-c", join(home, "nginx.conf")], { stdio: "ignore" });
	const url = `http://127.0.0.1:${port}`;
	for (let attempt = 0; attempt < 100; attempt++) {
		const isUp = await fetch(url).then(
			() => true,
			() => false,
		);
		if (isUp) break;
		if (child.exitCode !== null) throw new Error("nginx with nchan did not start");
		await new Promise((done) => setTimeout(done, 100));
	}
	const master = child.pid ?? 0;
	return {
		url,
		pids: [master, ...childrenOf(master)],
		stop: async () => {
			await end(child);
			rmSync(home, { recursive: true, force: true });
		},
	};
}
