-- What a repository's CI has told of one attempt of a run, folded; a job reads as these rows say. Kept from before its push
-- arrives, since deliveries come in any order.
create table public.workflow_runs (
  project_id uuid not null references public.projects (id) on delete cascade,
  -- GitHub's id, as text: it may grow beyond 2^53.
  run_id text not null,
  attempt integer not null check (attempt >= 1),
  commit_sha text not null,
  branch text not null,
  -- JSON as the relay wrote it; equal states are equal texts.
  state text not null,
  -- The job that it trains; null while there is none.
  job_id uuid references public.training_jobs (id) on delete set null,
  updated_at timestamptz not null default now(),
  primary key (project_id, run_id, attempt)
);
create index workflow_runs_without_job on public.workflow_runs (project_id, commit_sha, branch) where job_id is null;
create index workflow_runs_of_job on public.workflow_runs (job_id) where job_id is not null;

alter table public.workflow_runs enable row level security;
alter table public.workflow_runs force row level security;
revoke all on public.workflow_runs from public, anon, authenticated;
grant select, insert, update, delete on public.workflow_runs to service_role;
create policy relay on public.workflow_runs for all to service_role using (true) with check (true);
