import type { Project } from "@mortise/schema";

type Define = "manual" | "lookup" | "imported" | "computed";
type Loose = (name: string, definition: string, references?: object, options?: object) => never;

const definitions: readonly (readonly [tier: Define, name: string, definition: string])[] = [
  [
    "manual",
    "Subject",
    `# Experimental subject
     subject_id : int32   # unique id
     ---
     name : varchar(100)  # display name
     sex = 'U' : enum('M','F','U')
     dob = null : date`,
  ],
  ["lookup", "Strain", "strain : varchar(32)\n---\nnote = '' : varchar(20)"],
  ["lookup", "Setup", "# Global settings\n---\nversion = 1 : int32"],
  ["manual", "Session", "-> Subject\nsession : int16\n---\nrig = '' : varchar(10)\nscore = null : float64"],
  [
    "manual",
    "Visit",
    `visit : int32
     ---
     -> Subject
     -> [nullable] Strain
     -> [unique] Subject.proj(buddy='subject_id')
     -> [nullable, unique] Subject.proj(rival='subject_id')`,
  ],
  ["manual", "Pair", "-> Subject.proj(src='subject_id')\n-> Subject.proj(dst='subject_id')"],
  [
    "manual",
    "Wide",
    "u : uuid\ne : enum('x','y')\nd : decimal(5,0)\nt : datetime(3)\nb : bool\nc : char(4)\nf : float64",
  ],
  ["manual", "WideChild", "-> Wide\n---\nval : float32"],
  ["manual", "Reuse", "-> Subject\n---\n-> Session"],
  ["computed", "Analysis", "-> Session\n---\nval : int32"],
  ["imported", "Scan", "-> Session\n---\nn : int32"],
  ["manual", "Idx", "k : int8\n---\na : int8\nb : varchar(10)\nindex (a, b)\nunique index (b)  # one per b\nINDEX(a)"],
  ["manual", "Obj", "k : int8\n---\nb = null : <blob>\nc : <blob@main>  # traces\nd : <npy@main>\ne : <object@>"],
];

/** Declares the tables of the relational cases, section 5, in `lab` and `lab2`, through the public interface alone. */
export async function declareTables(project: Project<unknown>): Promise<void> {
  const lab = project.schema("lab");
  const references: Record<string, { part(...args: Parameters<Loose>): never }> = {};
  for (const [tier, name, definition] of definitions) {
    // Definitions that are only known at run time have no types to check.
    const define = lab[tier].bind(lab) as unknown as Loose;
    const contents = name === "Strain" ? [{ contents: [{ strain: "b6", note: "x" }, { strain: "sv" }] }] : [];
    references[name] = define(name, definition, references, ...contents);
  }
  references["Analysis"]?.part("Unit", "-> master\nunit : int8\n---\n-> Strain", references);
  await lab.declare();
  const far = project.schema("lab2");
  (far.manual.bind(far) as unknown as Loose)("Remote", "-> Subject\n---\n-> Strain", references);
  await far.declare();
}
