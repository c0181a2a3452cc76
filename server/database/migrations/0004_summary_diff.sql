-- What diff a summary was written of, as who wrote it told; null where nobody did. A commit keeps its id and has another
-- diff where its parent came later (a shallow clone) or was replaced.
alter table public.commit_summaries add column diff_hash text;
grant update (diff_hash) on public.commit_summaries to authenticated;
