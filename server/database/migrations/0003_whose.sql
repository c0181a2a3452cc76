-- What GitHub itself has said of where the App is installed. A project's own `installation_id` is its owner's to write, and
-- so proves nothing.
create table public.installations (
  -- `owner/name` in lower case.
  repository text primary key,
  installation_id text not null,
  updated_at timestamptz not null default now()
);
create index installations_id on public.installations (installation_id);

-- What SageMaker told of training jobs that no job here had then, the furthest of each.
create table public.early_trainings (
  sagemaker_job_name text primary key,
  -- JSON as the relay wrote it: what tells whose it is, and the state.
  news text not null,
  commit_sha text,
  job_id text,
  updated_at timestamptz not null default now()
);
create index early_trainings_commit on public.early_trainings (commit_sha) where commit_sha is not null;
create index early_trainings_job on public.early_trainings (job_id) where job_id is not null;

do $$
declare name text;
begin
  foreach name in array array['installations', 'early_trainings'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    execute format('revoke all on public.%I from public, anon, authenticated', name);
    execute format('grant select, insert, update, delete on public.%I to service_role', name);
    execute format('create policy relay on public.%I for all to service_role using (true) with check (true)', name);
  end loop;
end $$;

create index projects_experiment on public.projects (mlflow_experiment) where mlflow_experiment is not null;

-- The relay reads MLflow and S3 with its own credentials. So an experiment, and a folder of a bucket, belong to the projects
-- that name them: another project shares them only by somebody who owns one of those. No bucket is the relay's own, which
-- the database does not know: it may be any.
create function public.gamma_folder(prefix text) returns text
  language sql immutable as $$ select case when btrim(prefix, '/') = '' then '' else btrim(prefix, '/') || '/' end $$;
create function public.gamma_keep_whose() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if auth.uid() is null or (new.mlflow_experiment is null and new.s3_prefix is null) then return new; end if;
  perform pg_advisory_xact_lock(7426004);
  if exists (
    select from public.projects other where other.id <> new.id
      and (
        (new.mlflow_experiment = other.mlflow_experiment
          and (tg_op = 'INSERT' or new.mlflow_experiment is distinct from old.mlflow_experiment))
        or ((starts_with(public.gamma_folder(new.s3_prefix), public.gamma_folder(other.s3_prefix))
            or starts_with(public.gamma_folder(other.s3_prefix), public.gamma_folder(new.s3_prefix)))
          and coalesce(new.s3_bucket = other.s3_bucket, true)
          and (tg_op = 'INSERT' or new.s3_prefix is distinct from old.s3_prefix or new.s3_bucket is distinct from old.s3_bucket)))
      and not exists (
        select from public.members m where m.project_id = other.id and m.user_id = auth.uid() and m.role = 'owner')
  ) then
    raise exception 'another project''s' using errcode = 'GM002';
  end if;
  return new;
end $$;
grant create on schema public to service_role;
alter function public.gamma_keep_whose() owner to service_role;
revoke create on schema public from service_role;
create trigger keep_whose before insert or update of mlflow_experiment, s3_bucket, s3_prefix on public.projects
  for each row execute function public.gamma_keep_whose();
