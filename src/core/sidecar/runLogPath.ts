/** Where `gamma exec` and a runner keep what a training prints, among its run's artifacts. */
export const runLogPath = "logs/output.log";
