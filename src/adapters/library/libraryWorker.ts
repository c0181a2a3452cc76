import { parentPort } from "node:worker_threads";
import { openStore } from "./openStore";
import { serveLibrary } from "./serveLibrary";

// dist/libraryWorker.cjs: the thread that reads the stores.
if (parentPort) serveLibrary(parentPort, openStore);
