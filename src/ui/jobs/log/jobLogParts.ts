/** A file of its own (dist/logs.cjs): what reads, marks and follows the logs of jobs, loaded with the first log. */
export { ActionsLog } from "../../../core/jobs/actionsLog";
export { LogReaders } from "../../../core/jobs/logReaders";
export { downloadLog } from "./downloadLog";
export { JobLogEditors } from "./jobLogEditors";
export { JobLogFiles } from "./jobLogFiles";
export { JobLogLinks } from "./jobLogLinks";
