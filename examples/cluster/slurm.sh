#!/bin/bash
# Slurm: one array task for each group of trials. From the folder of the trial file:
#
#     specc trials plan nets.spec --data /shared/pets --trials 20 --out plan.json
#     sbatch --array=0-9 slurm.sh plan.json 8
#     specc trials collect .
#
# The second number says how many trials a task does, one after the other: short
# trials should be grouped, since centres ask for few jobs a minute. Here 80
# trials are 10 tasks of 8. A task that was stopped goes on when it is submitted
# again, and does no finished trial twice.

#SBATCH --job-name=specc-trials
#SBATCH --gpus=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=8G
#SBATCH --time=02:00:00
# SIGTERM to what srun started, a minute before the end: it finishes its step and saves.
#SBATCH --signal=TERM@60
#SBATCH --requeue
#SBATCH --output=slurm-%A_%a.log

set -u
plan=${1:?the trial file}
group=${2:-1}
task=${SLURM_ARRAY_TASK_ID:?submit it as an array: sbatch --array=0-9}
# Slurm copies this file elsewhere: name the program, if it is not on the PATH.
specc=${SPECC:-specc}

if [ "$group" -eq 1 ]; then
  exec srun --ntasks=1 $specc trials run "$plan" --index auto
fi

last=$(grep -c '"key":' "$plan")
failed=0
for ((index = task * group; index < (task + 1) * group && index < last; index++)); do
  srun --ntasks=1 $specc trials run "$plan" --index "$index"
  code=$?
  # 130: stopped, and saved.
  [ "$code" -eq 130 ] && exit 130
  [ "$code" -eq 0 ] || failed=1
done
exit "$failed"
