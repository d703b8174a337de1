// The tables of the demo. `Recording` has the attributes that the raw store partitions by, `Scan` has not, so both
// layouts appear in the tree.
import type { DemoProject } from "./project.ts";

export function defineTables(project: DemoProject) {
  const experiment = project.schema("experiment");

  const Session = experiment.manual(
    "Session",
    `
    # One day with one subject
    subject_id   : varchar(16)
    session_date : date
    ---
    notes = ""   : varchar(4000)
    `,
  );

  const Recording = experiment.manual(
    "Recording",
    `
    -> Session
    recording_id : uuid
    ---
    raw_data  : <blob@raw>      # deduplicated by content
    zarr_scan : <object@raw>    # a folder, addressed by key
    `,
    { Session },
  );

  const Scan = experiment.manual(
    "Scan",
    `
    recording_id : uuid
    ---
    raw_data  : <blob@raw>
    zarr_scan : <object@raw>
    `,
  );

  const Trace = experiment.manual(
    "Trace",
    `
    -> Session
    trace_name : varchar(64)
    ---
    npy_file        : <object@raw>   # the file as NumPy wrote it
    samples = null  : <blob@>        # its content, as an array
    `,
    { Session },
  );

  const RigFile = experiment.manual(
    "RigFile",
    `
    file_name : varchar(255)
    ---
    attached : <attach@>     # the file with its name
    managed  : <filepath@>   # a reference to a file that we put there ourselves
    `,
  );

  return { experiment, Session, Recording, Scan, Trace, RigFile };
}

export type Tables = ReturnType<typeof defineTables>;
