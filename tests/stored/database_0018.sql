BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0018');
CREATE TABLE alerts (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	from_school_id INTEGER NOT NULL, 
	to_school_id INTEGER NOT NULL, 
	alerted_by INTEGER NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	acknowledged_by INTEGER, 
	acknowledged_at DATETIME, 
	CONSTRAINT pk_alerts PRIMARY KEY (id), 
	CONSTRAINT fk_alerts_acknowledged_by FOREIGN KEY(acknowledged_by) REFERENCES staff (id), 
	CONSTRAINT fk_alerts_alerted_by FOREIGN KEY(alerted_by) REFERENCES staff (id), 
	CONSTRAINT fk_alerts_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_alerts_from_school_id FOREIGN KEY(from_school_id) REFERENCES schools (id), 
	CONSTRAINT fk_alerts_to_school_id FOREIGN KEY(to_school_id) REFERENCES schools (id)
);
CREATE TABLE asks (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	asker_id INTEGER NOT NULL, 
	asked_id INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	answered_at DATETIME, 
	CONSTRAINT pk_asks PRIMARY KEY (id), 
	CONSTRAINT fk_asks_asked_id FOREIGN KEY(asked_id) REFERENCES staff (id), 
	CONSTRAINT fk_asks_asker_id FOREIGN KEY(asker_id) REFERENCES staff (id), 
	CONSTRAINT fk_asks_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	rung TEXT NOT NULL, 
	result TEXT NOT NULL, 
	note TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	outreach_id INTEGER, 
	CONSTRAINT pk_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_attempts_author_id FOREIGN KEY(author_id) REFERENCES staff (id), 
	CONSTRAINT fk_attempts_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_attempts_outreach_id FOREIGN KEY(outreach_id) REFERENCES outreach (id)
);
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	details JSON NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2025-10-22 09:30:00.000000','system:roster','load-roster','roster','{"students": 3, "staff": 6, "enrolments": 4}','0debc2e9b08727462459f0f0c248ecda6e5f6549f542fcd1e845a2ad65ff7207');
INSERT INTO "audit" VALUES(2,'2025-10-22 09:30:00.000000','system:test','publish-policy','school:1','{"version": 1, "sha256": "1656b946d5f4468173db5ee7adbf0e7739008b042affab420a30ccd3f446da5b"}','0391b456b87bb1a40e507416dff2253ca7c40e308cb3dadaedcaba9126881d56');
INSERT INTO "audit" VALUES(3,'2025-10-22 09:30:00.000000','system:test','publish-policy','school:2','{"version": 1, "sha256": "9b14864f79d3ceec865d85a3823127dc335889ed117eb7e068592d685db398a5"}','481e83bbfc74b267454b333fd6decd98a944211f05838f6c3c718c0143a55b07');
INSERT INTO "audit" VALUES(4,'2025-10-22 09:30:00.000000','system:screening','open','case:1','{"school": 1, "status": "open"}','9fc4cd29e4d841edfb6d9ea1adb53ddd6cbcacee0b705821c21a953d05274b95');
INSERT INTO "audit" VALUES(5,'2025-10-22 09:30:00.000000','system:screening','screened','school:1','{"day": "2025-10-22", "raised": 1, "ended": 0, "opened": 1, "held": 0, "policy": 1}','faedd0333d9f1600227ccf841976c3ba5ad11181bb14efce3a243caf05e84f0b');
INSERT INTO "audit" VALUES(6,'2025-10-22 09:30:00.000000','staff:3','view','case:1','{"opinion": "wait", "status": "discussing"}','61c21fe701f5f45d645d17b8b65acef15055ed263545951b9482d0de0706a4dd');
INSERT INTO "audit" VALUES(7,'2025-10-22 09:30:00.000000','staff:2','draft','case:1','{"again": false, "purpose": "engagement"}','ec01b6db898d6d5794e987fe0e7a54778b7ca32b66b526137637dde949fcd712');
INSERT INTO "audit" VALUES(8,'2025-10-22 09:30:00.000000','staff:1','open-draft','case:1','{"outreach": 1, "sha256": "1c2451d6fb35508b8f45cc3783920c38bdb0d06da9b7fe4af7f8d435885acd41"}','a2f9c770add3bfc041f1b6f1490740c811fda4f3a17def30aa722812b3d5d58c');
INSERT INTO "audit" VALUES(9,'2025-10-22 09:30:00.000000','staff:1','approve','case:1','{"outreach": 1, "sha256": "1c2451d6fb35508b8f45cc3783920c38bdb0d06da9b7fe4af7f8d435885acd41", "meeting": false}','cd944abb00bb9badae5b9ffcd9fbbcc43c9c755c72a7bb031afb020721d80933');
INSERT INTO "audit" VALUES(10,'2025-10-22 09:30:00.000000','system:outreach','sent','case:1','{"outreach": 1, "approver": 1, "status": "in-contact"}','630db64cd58fbdd84ab75049696edafa2fa2f8b90d6722fd23b74cbbd4c27eab');
INSERT INTO "audit" VALUES(11,'2025-10-22 12:30:00.000000','student:1','answered','case:1','{"outreach": 1, "status": "responded"}','28c7684e49a70e93ef2f771f09dccd2e60fe442873080b50027c4be45ba31ea2');
CREATE TABLE audit_head (
	id INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	hash TEXT NOT NULL, 
	key_print TEXT, 
	CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
INSERT INTO "audit_head" VALUES(1,11,'28c7684e49a70e93ef2f771f09dccd2e60fe442873080b50027c4be45ba31ea2',NULL);
CREATE TABLE begun (
	name TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_begun PRIMARY KEY (name)
);
CREATE TABLE cases (
	id INTEGER NOT NULL, 
	reference TEXT NOT NULL, 
	student_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	owner_id INTEGER, 
	version INTEGER NOT NULL, 
	opened_on DATE NOT NULL, 
	opened_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	outcome TEXT, 
	outcome_note TEXT NOT NULL, 
	weeks JSON NOT NULL, 
	weeks_until DATE NOT NULL, helped JSON DEFAULT '[]' NOT NULL, usefulness TEXT, rested_from TEXT, paused_until DATE, pause_reason TEXT DEFAULT '' NOT NULL, snoozed_until DATE, merged_into INTEGER REFERENCES cases (id), erased_at DATETIME, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT fk_cases_owner_id FOREIGN KEY(owner_id) REFERENCES staff (id), 
	CONSTRAINT fk_cases_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_cases_student_id FOREIGN KEY(student_id) REFERENCES students (id), 
	CONSTRAINT uq_cases_reference UNIQUE (reference)
);
INSERT INTO "cases" VALUES(1,'LANG-1',1,1,'responded',2,6,'2025-10-22','2025-10-22 09:30:00.000000','2025-10-22 12:30:00.000000',NULL,NULL,'','[5, 4, 3, 2, 1, 0, 0, 0]','2025-10-21','[]',NULL,NULL,NULL,'',NULL,NULL,NULL);
CREATE TABLE channels (
	id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	tenant TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_channels PRIMARY KEY (id), 
	CONSTRAINT fk_channels_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT uq_channels_platform_tenant_channel UNIQUE (platform, tenant, channel)
);
CREATE TABLE closed_channels (
	channel_id INTEGER NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_closed_channels PRIMARY KEY (channel_id), 
	CONSTRAINT fk_closed_channels_channel_id FOREIGN KEY(channel_id) REFERENCES channels (id)
);
CREATE TABLE complaints (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	about_id INTEGER, 
	handler_id INTEGER, 
	summary TEXT NOT NULL, 
	informal_by DATE NOT NULL, 
	evidence TEXT NOT NULL, 
	evidence_hash TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	resolved_by INTEGER, 
	resolution TEXT NOT NULL, 
	resolved_at DATETIME, 
	CONSTRAINT pk_complaints PRIMARY KEY (id), 
	CONSTRAINT fk_complaints_about_id FOREIGN KEY(about_id) REFERENCES staff (id), 
	CONSTRAINT fk_complaints_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_complaints_handler_id FOREIGN KEY(handler_id) REFERENCES staff (id), 
	CONSTRAINT fk_complaints_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id), 
	CONSTRAINT fk_complaints_resolved_by FOREIGN KEY(resolved_by) REFERENCES staff (id)
);
CREATE TABLE contributing_schools (
	student_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	CONSTRAINT pk_contributing_schools PRIMARY KEY (student_id, school_id), 
	CONSTRAINT fk_contributing_schools_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_contributing_schools_student_id FOREIGN KEY(student_id) REFERENCES students (id)
);
INSERT INTO "contributing_schools" VALUES(3,1);
CREATE TABLE covers (
	id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	absent_id INTEGER NOT NULL, 
	cover_id INTEGER NOT NULL, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	by_staff_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_covers PRIMARY KEY (id), 
	CONSTRAINT fk_covers_absent_id FOREIGN KEY(absent_id) REFERENCES staff (id), 
	CONSTRAINT fk_covers_by_staff_id FOREIGN KEY(by_staff_id) REFERENCES staff (id), 
	CONSTRAINT fk_covers_cover_id FOREIGN KEY(cover_id) REFERENCES staff (id), 
	CONSTRAINT fk_covers_school_id FOREIGN KEY(school_id) REFERENCES schools (id)
);
CREATE TABLE direct_cases (
	direct_id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	CONSTRAINT pk_direct_cases PRIMARY KEY (direct_id, case_id), 
	CONSTRAINT fk_direct_cases_direct_id FOREIGN KEY(direct_id) REFERENCES directs (id), 
	CONSTRAINT fk_direct_cases_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE directs (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	tenant TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	message TEXT NOT NULL, 
	posted_at DATETIME NOT NULL, 
	CONSTRAINT pk_directs PRIMARY KEY (id), 
	CONSTRAINT uq_directs_platform_tenant_channel_message UNIQUE (platform, tenant, channel, message)
);
CREATE TABLE emergencies (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	used_by INTEGER NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	reviewed_by INTEGER, 
	review TEXT NOT NULL, 
	reviewed_at DATETIME, 
	CONSTRAINT pk_emergencies PRIMARY KEY (id), 
	CONSTRAINT fk_emergencies_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_emergencies_reviewed_by FOREIGN KEY(reviewed_by) REFERENCES staff (id), 
	CONSTRAINT fk_emergencies_used_by FOREIGN KEY(used_by) REFERENCES staff (id)
);
CREATE TABLE enrolments (
	student_id INTEGER NOT NULL, 
	module_id INTEGER NOT NULL, 
	starts DATE NOT NULL, 
	ends DATE, 
	CONSTRAINT pk_enrolments PRIMARY KEY (student_id, module_id), 
	CONSTRAINT fk_enrolments_module_id FOREIGN KEY(module_id) REFERENCES modules (id), 
	CONSTRAINT fk_enrolments_student_id FOREIGN KEY(student_id) REFERENCES students (id)
);
INSERT INTO "enrolments" VALUES(1,1,'2025-09-22',NULL);
INSERT INTO "enrolments" VALUES(2,1,'2025-09-22',NULL);
INSERT INTO "enrolments" VALUES(3,1,'2025-09-22',NULL);
INSERT INTO "enrolments" VALUES(3,2,'2025-09-22',NULL);
CREATE TABLE erased_numbers (
	mark TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_erased_numbers PRIMARY KEY (mark)
);
CREATE TABLE erasures (
	id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	student BIGINT NOT NULL, 
	by_staff_id INTEGER, 
	why TEXT NOT NULL, 
	rows_gone INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_erasures PRIMARY KEY (id), 
	CONSTRAINT fk_erasures_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_erasures_by_staff_id FOREIGN KEY(by_staff_id) REFERENCES staff (id)
);
CREATE TABLE exemptions (
	id INTEGER NOT NULL, 
	student_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	first DATE NOT NULL, 
	last DATE, 
	reason TEXT NOT NULL, 
	by_staff_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	group_key TEXT, 
	CONSTRAINT pk_exemptions PRIMARY KEY (id), 
	CONSTRAINT fk_exemptions_by_staff_id FOREIGN KEY(by_staff_id) REFERENCES staff (id), 
	CONSTRAINT fk_exemptions_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_exemptions_student_id FOREIGN KEY(student_id) REFERENCES students (id)
);
CREATE TABLE fitness (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	decided_by INTEGER NOT NULL, 
	decision TEXT NOT NULL, 
	why TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_fitness PRIMARY KEY (id), 
	CONSTRAINT fk_fitness_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_fitness_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id)
);
CREATE TABLE flags (
	id INTEGER NOT NULL, 
	student_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	case_id INTEGER, 
	policy_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	family TEXT NOT NULL, 
	module TEXT, 
	state TEXT NOT NULL, 
	raised_on DATE NOT NULL, 
	last_found_on DATE NOT NULL, 
	missed_on JSON NOT NULL, 
	reason_staff TEXT NOT NULL, 
	reason_student TEXT NOT NULL, 
	source TEXT NOT NULL, 
	fresh DATE NOT NULL, 
	measured JSON NOT NULL, 
	raised_at DATETIME NOT NULL, hold_id INTEGER REFERENCES holds (id), cleared_on DATE, 
	CONSTRAINT pk_flags PRIMARY KEY (id), 
	CONSTRAINT fk_flags_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_flags_policy_id FOREIGN KEY(policy_id) REFERENCES policies (id), 
	CONSTRAINT fk_flags_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_flags_student_id FOREIGN KEY(student_id) REFERENCES students (id)
);
INSERT INTO "flags" VALUES(1,1,1,1,1,'inactivity||','inactivity','vle',NULL,'active','2025-10-22','2025-10-22','[]','No activity since Monday 6 October.','We have not seen you since Monday 6 October.','moodle','2025-10-21','{}','2025-10-22 09:30:00.000000',NULL,NULL);
CREATE TABLE holds (
	id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	module TEXT NOT NULL, 
	day DATE NOT NULL, 
	flagged INTEGER NOT NULL, 
	cohort INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	decision TEXT, 
	decided_by INTEGER, 
	why TEXT NOT NULL, 
	decided_at DATETIME, 
	CONSTRAINT pk_holds PRIMARY KEY (id), 
	CONSTRAINT fk_holds_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id), 
	CONSTRAINT fk_holds_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT uq_holds_school_id_module_day UNIQUE (school_id, module, day)
);
CREATE TABLE identities (
	platform TEXT NOT NULL, 
	tenant TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	CONSTRAINT pk_identities PRIMARY KEY (platform, tenant, user_id), 
	CONSTRAINT fk_identities_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id)
);
CREATE TABLE ingests (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	file TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	accepted INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	trouble TEXT NOT NULL, 
	CONSTRAINT pk_ingests PRIMARY KEY (id)
);
CREATE TABLE interactions (
	"key" TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_interactions PRIMARY KEY ("key")
);
INSERT INTO "interactions" VALUES('click-0','2025-10-22 09:30:00.000000');
INSERT INTO "interactions" VALUES('click-1','2025-10-22 09:30:00.000000');
INSERT INTO "interactions" VALUES('click-2','2025-10-22 09:30:00.000000');
INSERT INTO "interactions" VALUES('click-3','2025-10-22 09:30:00.000000');
CREATE TABLE interventions (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	note TEXT NOT NULL, 
	at DATETIME NOT NULL, readable_by JSON, 
	CONSTRAINT pk_interventions PRIMARY KEY (id), 
	CONSTRAINT fk_interventions_author_id FOREIGN KEY(author_id) REFERENCES staff (id), 
	CONSTRAINT fk_interventions_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE line_posts (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	channel_id INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	posted_at DATETIME NOT NULL, content_hash TEXT DEFAULT 'said' NOT NULL, 
	CONSTRAINT pk_line_posts PRIMARY KEY (id), 
	CONSTRAINT uq_line_posts_line_id_channel_id UNIQUE (line_id, channel_id), 
	CONSTRAINT fk_line_posts_line_id FOREIGN KEY(line_id) REFERENCES thread_lines (id), 
	CONSTRAINT fk_line_posts_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_line_posts_channel_id FOREIGN KEY(channel_id) REFERENCES channels (id)
);
CREATE TABLE mailboxes (
	address TEXT NOT NULL, 
	free_at DATETIME, 
	read_up_to TEXT, 
	CONSTRAINT pk_mailboxes PRIMARY KEY (address)
);
CREATE TABLE modules (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	title TEXT NOT NULL, 
	school_id INTEGER NOT NULL, 
	organiser_id INTEGER, 
	CONSTRAINT pk_modules PRIMARY KEY (id), 
	CONSTRAINT fk_modules_organiser_id FOREIGN KEY(organiser_id) REFERENCES staff (id), 
	CONSTRAINT fk_modules_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT uq_modules_code UNIQUE (code)
);
INSERT INTO "modules" VALUES(1,'FR101','French for beginners',1,3);
INSERT INTO "modules" VALUES(2,'MA101','Calculus',2,NULL);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	staff_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	case_id INTEGER, 
	about BIGINT, 
	day DATE, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (id), 
	CONSTRAINT fk_notices_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_notices_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_notices_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id)
);
INSERT INTO "notices" VALUES(1,2,1,'answered',1,NULL,NULL,'2025-10-22 12:30:00.000000');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	idem_key TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	case_id INTEGER, 
	outreach_id INTEGER, 
	school_id INTEGER NOT NULL, 
	day DATE, 
	state TEXT NOT NULL, 
	not_before DATETIME NOT NULL, 
	lease_by TEXT, 
	lease_until DATETIME, 
	attempts INTEGER NOT NULL, 
	provider_ref TEXT, 
	trouble TEXT, 
	settled_at DATETIME, unresolved_since DATETIME, notice_id INTEGER REFERENCES notices (id), 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_outbox_outreach_id FOREIGN KEY(outreach_id) REFERENCES outreach (id), 
	CONSTRAINT fk_outbox_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT uq_outbox_idem_key UNIQUE (idem_key)
);
INSERT INTO "outbox" VALUES(1,'card:1:1','card',1,NULL,1,NULL,'due','2025-10-22 09:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(2,'card:1:2','card',1,NULL,1,NULL,'due','2025-10-22 09:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(3,'card:1:3','card',1,NULL,1,NULL,'due','2025-10-22 09:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(4,'line:drafted:1','line',1,NULL,1,NULL,'due','2025-10-22 09:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(5,'card:1:4','card',1,NULL,1,NULL,'due','2025-10-22 09:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(6,'mail:1','mail',1,1,1,NULL,'sent','2025-10-22 09:30:00.000000',NULL,NULL,1,NULL,NULL,'2025-10-22 09:30:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(7,'card:1:5','card',1,NULL,1,NULL,'due','2025-10-22 09:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(8,'card:1:6','card',1,NULL,1,NULL,'due','2025-10-22 12:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(9,'line:answered:1','line',1,NULL,1,NULL,'due','2025-10-22 12:30:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(10,'notice:answered:1:2','notice',1,NULL,1,NULL,'due','2025-10-22 12:31:00.000000',NULL,NULL,0,NULL,NULL,NULL,NULL,1);
CREATE TABLE outreach (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	rung TEXT NOT NULL, 
	status TEXT NOT NULL, 
	drafter_id INTEGER NOT NULL, 
	writers JSON NOT NULL, 
	sender TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	opened_by INTEGER, 
	opened_hash TEXT, 
	approver_id INTEGER, 
	approved_at DATETIME, 
	body_hash TEXT, 
	drafted_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	conversation TEXT, purpose TEXT DEFAULT 'engagement' NOT NULL, returned TEXT DEFAULT '' NOT NULL, returned_by INTEGER REFERENCES staff (id), language TEXT DEFAULT 'en' NOT NULL, prepared BOOLEAN DEFAULT 0 NOT NULL, drafted_on JSON, opened_on JSON, meeting JSON, not_sent TEXT DEFAULT '' NOT NULL, footer TEXT DEFAULT '' NOT NULL, letter TEXT, own_words BOOLEAN DEFAULT 0 NOT NULL, policy_id INTEGER REFERENCES policies (id), 
	CONSTRAINT pk_outreach PRIMARY KEY (id), 
	CONSTRAINT fk_outreach_approver_id FOREIGN KEY(approver_id) REFERENCES staff (id), 
	CONSTRAINT fk_outreach_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_outreach_drafter_id FOREIGN KEY(drafter_id) REFERENCES staff (id), 
	CONSTRAINT fk_outreach_opened_by FOREIGN KEY(opened_by) REFERENCES staff (id)
);
INSERT INTO "outreach" VALUES(1,1,'university-email','sent',2,'[2]','lang@example.ac.uk','dana@students.example.ac.uk','How are things going, Dana?','Hello Dana,

how are you, and is there anything we can do to help?

Alice',3,1,'1c2451d6fb35508b8f45cc3783920c38bdb0d06da9b7fe4af7f8d435885acd41',1,'2025-10-22 09:30:00.000000','1c2451d6fb35508b8f45cc3783920c38bdb0d06da9b7fe4af7f8d435885acd41','2025-10-22 09:30:00.000000','2025-10-22 09:30:00.000000','conversation-1','engagement','',NULL,'en',0,'{"policy": 1, "flags": [1], "answers": 0}','{"policy": 1, "flags": [1], "answers": 0}',NULL,'','','university-email',0,1);
CREATE TABLE policies (
	id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	document_hash TEXT NOT NULL, 
	effective DATE NOT NULL, 
	published_at DATETIME NOT NULL, 
	CONSTRAINT pk_policies PRIMARY KEY (id), 
	CONSTRAINT fk_policies_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT uq_policies_school_id_version UNIQUE (school_id, version)
);
INSERT INTO "policies" VALUES(1,1,1,'school = "LANG"
views_needed = 1
clear_after_days = 7
capacity = 10
[approval]
approved_by = "Lena Lead"
effective = 2025-09-01
published = ["student handbook", "email"]
[[markers]]
family = "vle"
sources = ["moodle"]
[rules.inactivity]
[outreach]
mailbox = "lang@example.ac.uk"
drafter_may_approve = true
[[ladder]]
rung = "university-email"
wait_days = 3
[[ladder]]
rung = "personal-email"
wait_days = 3
','1656b946d5f4468173db5ee7adbf0e7739008b042affab420a30ccd3f446da5b','2025-09-01','2025-10-22 09:30:00.000000');
INSERT INTO "policies" VALUES(2,2,1,'school = "MATH"
views_needed = 1
clear_after_days = 7
capacity = 10
[approval]
approved_by = "Lena Lead"
effective = 2025-09-01
published = ["student handbook", "email"]
[[markers]]
family = "vle"
sources = ["moodle"]
[rules.inactivity]
[outreach]
mailbox = "math@example.ac.uk"
drafter_may_approve = true
[[ladder]]
rung = "university-email"
wait_days = 3
[[ladder]]
rung = "personal-email"
wait_days = 3
','9b14864f79d3ceec865d85a3823127dc335889ed117eb7e068592d685db398a5','2025-09-01','2025-10-22 09:30:00.000000');
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	channel_id INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	posted_at DATETIME NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (id), 
	CONSTRAINT fk_posts_channel_id FOREIGN KEY(channel_id) REFERENCES channels (id), 
	CONSTRAINT uq_posts_subject_channel_id UNIQUE (subject, channel_id)
);
CREATE TABLE preferences (
	student_id INTEGER NOT NULL, 
	way TEXT, 
	words TEXT NOT NULL, 
	said_at DATETIME, 
	opted_out_at DATETIME, 
	CONSTRAINT pk_preferences PRIMARY KEY (student_id), 
	CONSTRAINT fk_preferences_student_id FOREIGN KEY(student_id) REFERENCES students (id)
);
CREATE TABLE preservations (
	id INTEGER NOT NULL, 
	student_id INTEGER NOT NULL, 
	by_staff_id INTEGER NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_preservations PRIMARY KEY (id), 
	CONSTRAINT fk_preservations_student_id FOREIGN KEY(student_id) REFERENCES students (id), 
	CONSTRAINT fk_preservations_by_staff_id FOREIGN KEY(by_staff_id) REFERENCES staff (id)
);
CREATE TABLE quarantine (
	id INTEGER NOT NULL, 
	ingest_id INTEGER NOT NULL, 
	file TEXT NOT NULL, 
	line INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_quarantine PRIMARY KEY (id), 
	CONSTRAINT fk_quarantine_ingest_id FOREIGN KEY(ingest_id) REFERENCES ingests (id)
);
CREATE TABLE referrals (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	service TEXT NOT NULL, 
	service_name TEXT NOT NULL, 
	consented BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_referrals PRIMARY KEY (id), 
	CONSTRAINT fk_referrals_author_id FOREIGN KEY(author_id) REFERENCES staff (id), 
	CONSTRAINT fk_referrals_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE remarks (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_remarks PRIMARY KEY (id), 
	CONSTRAINT fk_remarks_author_id FOREIGN KEY(author_id) REFERENCES staff (id), 
	CONSTRAINT fk_remarks_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT uq_remarks_message UNIQUE (message)
);
CREATE TABLE remnants (
	id INTEGER NOT NULL, 
	erasure_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	tenant TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	message TEXT NOT NULL, 
	posted_at DATETIME, 
	state TEXT NOT NULL, 
	trouble TEXT NOT NULL, 
	settled_at DATETIME, 
	CONSTRAINT pk_remnants PRIMARY KEY (id), 
	CONSTRAINT fk_remnants_erasure_id FOREIGN KEY(erasure_id) REFERENCES erasures (id)
);
CREATE TABLE replies (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	outreach_id INTEGER NOT NULL, 
	message_id TEXT NOT NULL, 
	body TEXT NOT NULL, 
	received_at DATETIME NOT NULL, kind TEXT DEFAULT 'answer' NOT NULL, 
	CONSTRAINT pk_replies PRIMARY KEY (id), 
	CONSTRAINT fk_replies_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_replies_outreach_id FOREIGN KEY(outreach_id) REFERENCES outreach (id), 
	CONSTRAINT uq_replies_message_id UNIQUE (message_id)
);
INSERT INTO "replies" VALUES(1,1,1,'m1','gAAAAABrCyxv45_9QMjASAWWtCM_rWpRVwFHBxS6kuCDNPTyZJE1TX9FSbOZr9TMPJPs3uqDWdTPJeRfk35HchsNwQ8G5yfkmcRJBrSOiPInqjoYMmC8yYQnBiYTVmMv5EMkpQ4cd5-W','2025-10-22 12:30:00.000000','answer');
CREATE TABLE reveals (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	staff_id INTEGER NOT NULL, 
	purpose TEXT NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_reveals PRIMARY KEY (id), 
	CONSTRAINT fk_reveals_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_reveals_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id)
);
CREATE TABLE revisions (
	name TEXT NOT NULL, 
	token TEXT NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (name)
);
INSERT INTO "revisions" VALUES('roster','4c6945afabf0136c');
CREATE TABLE sandbox_messages (
	id INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	thread BIGINT, 
	author TEXT NOT NULL, 
	payload JSON NOT NULL, 
	posted_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	revision BIGINT NOT NULL, 
	CONSTRAINT pk_sandbox_messages PRIMARY KEY (id), 
	CONSTRAINT uq_sandbox_messages_key UNIQUE ("key")
);
CREATE TABLE sayings (
	id INTEGER NOT NULL, 
	student_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	case_id INTEGER, 
	outreach_id INTEGER, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	way TEXT, 
	words TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	answered_by INTEGER, 
	answer TEXT NOT NULL, 
	answered_at DATETIME, 
	CONSTRAINT pk_sayings PRIMARY KEY (id), 
	CONSTRAINT fk_sayings_student_id FOREIGN KEY(student_id) REFERENCES students (id), 
	CONSTRAINT fk_sayings_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_sayings_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_sayings_outreach_id FOREIGN KEY(outreach_id) REFERENCES outreach (id), 
	CONSTRAINT fk_sayings_answered_by FOREIGN KEY(answered_by) REFERENCES staff (id), 
	CONSTRAINT uq_sayings_key UNIQUE ("key")
);
CREATE TABLE schools (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	faculty TEXT NOT NULL, 
	last_case INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_schools PRIMARY KEY (id), 
	CONSTRAINT uq_schools_code UNIQUE (code)
);
INSERT INTO "schools" VALUES(1,'LANG','School of Languages','Humanities',1);
INSERT INTO "schools" VALUES(2,'MATH','School of Mathematics','Science',0);
CREATE TABLE screenings (
	school_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	at DATETIME NOT NULL, 
	flags_raised INTEGER NOT NULL, 
	cases_opened INTEGER NOT NULL, 
	CONSTRAINT pk_screenings PRIMARY KEY (school_id, day), 
	CONSTRAINT fk_screenings_school_id FOREIGN KEY(school_id) REFERENCES schools (id)
);
INSERT INTO "screenings" VALUES(1,'2025-10-22','2025-10-22 09:30:00.000000',1,1);
CREATE TABLE seal_checks (
	name TEXT NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_seal_checks PRIMARY KEY (name)
);
CREATE TABLE slack_installations (
	team TEXT NOT NULL, 
	token TEXT NOT NULL, 
	installed_at DATETIME NOT NULL, 
	CONSTRAINT pk_slack_installations PRIMARY KEY (team)
);
CREATE TABLE slots (
	job TEXT NOT NULL, 
	slot DATETIME NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	CONSTRAINT pk_slots PRIMARY KEY (job, slot)
);
CREATE TABLE staff (
	id INTEGER NOT NULL, 
	email TEXT NOT NULL, 
	name TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	trained_on DATE, wants_digest BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT pk_staff PRIMARY KEY (id), 
	CONSTRAINT uq_staff_email UNIQUE (email)
);
INSERT INTO "staff" VALUES(1,'alice@example.ac.uk','Alice Adviser',1,NULL,1);
INSERT INTO "staff" VALUES(2,'sana@example.ac.uk','Sana Support',1,NULL,1);
INSERT INTO "staff" VALUES(3,'bob@example.ac.uk','Bob Brown',1,NULL,1);
INSERT INTO "staff" VALUES(4,'charlie@example.ac.uk','Charlie Clark',1,NULL,1);
INSERT INTO "staff" VALUES(5,'lena@example.ac.uk','Lena Lead',1,'2025-09-01',1);
INSERT INTO "staff" VALUES(6,'max@example.ac.uk','Max Moor',1,'2025-09-01',1);
CREATE TABLE staff_roles (
	staff_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	CONSTRAINT pk_staff_roles PRIMARY KEY (staff_id, school_id, role), 
	CONSTRAINT fk_staff_roles_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_staff_roles_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id)
);
INSERT INTO "staff_roles" VALUES(1,1,'adviser');
INSERT INTO "staff_roles" VALUES(2,1,'student-support-officer');
INSERT INTO "staff_roles" VALUES(5,1,'engagement-lead');
INSERT INTO "staff_roles" VALUES(3,1,'module-organiser');
INSERT INTO "staff_roles" VALUES(6,2,'engagement-lead');
INSERT INTO "staff_roles" VALUES(4,2,'adviser');
CREATE TABLE stops (
	id INTEGER NOT NULL, 
	school_id INTEGER, 
	stopped_by INTEGER, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_stops PRIMARY KEY (id), 
	CONSTRAINT fk_stops_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_stops_stopped_by FOREIGN KEY(stopped_by) REFERENCES staff (id)
);
CREATE TABLE students (
	id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	given_name TEXT NOT NULL, 
	family_name TEXT NOT NULL, 
	level TEXT NOT NULL, 
	programme TEXT NOT NULL, 
	home_school_id INTEGER NOT NULL, 
	adviser_id INTEGER, 
	university_email TEXT NOT NULL, 
	personal_email TEXT NOT NULL, language TEXT DEFAULT 'en' NOT NULL, erased_at DATETIME, 
	CONSTRAINT pk_students PRIMARY KEY (id), 
	CONSTRAINT fk_students_adviser_id FOREIGN KEY(adviser_id) REFERENCES staff (id), 
	CONSTRAINT fk_students_home_school_id FOREIGN KEY(home_school_id) REFERENCES schools (id), 
	CONSTRAINT uq_students_number UNIQUE (number)
);
INSERT INTO "students" VALUES(1,'1001','Dana','Dvorak','undergraduate','R100',1,1,'dana@students.example.ac.uk','dana@home.example','en',NULL);
INSERT INTO "students" VALUES(2,'1002','Eli','Evans','foundation','R100',1,NULL,'eli@students.example.ac.uk','','en',NULL);
INSERT INTO "students" VALUES(3,'2001','Mira','Moss','undergraduate','G100',2,NULL,'mira@students.example.ac.uk','','en',NULL);
CREATE TABLE teams_students (
	tenant TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	student_id INTEGER NOT NULL, 
	CONSTRAINT pk_teams_students PRIMARY KEY (tenant, user_id), 
	CONSTRAINT fk_teams_students_student_id FOREIGN KEY(student_id) REFERENCES students (id), 
	CONSTRAINT uq_teams_students_student_id UNIQUE (student_id)
);
CREATE TABLE teams_tenants (
	tenant TEXT NOT NULL, 
	service_url TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_teams_tenants PRIMARY KEY (tenant)
);
CREATE TABLE thread_lines (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	by_staff_id INTEGER, 
	about BIGINT, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_thread_lines PRIMARY KEY (id), 
	CONSTRAINT uq_thread_lines_key UNIQUE ("key"), 
	CONSTRAINT fk_thread_lines_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_thread_lines_by_staff_id FOREIGN KEY(by_staff_id) REFERENCES staff (id)
);
INSERT INTO "thread_lines" VALUES(1,1,'line:drafted:1','drafted',2,1,'2025-10-22 09:30:00.000000');
INSERT INTO "thread_lines" VALUES(2,1,'line:answered:1','answered',NULL,NULL,'2025-10-22 12:30:00.000000');
CREATE TABLE turns (
	name TEXT NOT NULL, 
	free_at DATETIME NOT NULL, 
	CONSTRAINT pk_turns PRIMARY KEY (name)
);
CREATE TABLE views (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	opinion TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_views PRIMARY KEY (id), 
	CONSTRAINT fk_views_author_id FOREIGN KEY(author_id) REFERENCES staff (id), 
	CONSTRAINT fk_views_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
INSERT INTO "views" VALUES(1,1,3,'wait','Dana told me she is fine','2025-10-22 09:30:00.000000');
CREATE TABLE waiting (
	student_id INTEGER NOT NULL, 
	school_id INTEGER NOT NULL, 
	since DATE NOT NULL, 
	place INTEGER NOT NULL, 
	day DATE NOT NULL, 
	CONSTRAINT pk_waiting PRIMARY KEY (student_id), 
	CONSTRAINT fk_waiting_school_id FOREIGN KEY(school_id) REFERENCES schools (id), 
	CONSTRAINT fk_waiting_student_id FOREIGN KEY(student_id) REFERENCES students (id)
);
CREATE TABLE wordings (
	id INTEGER NOT NULL, 
	outreach_id INTEGER NOT NULL, 
	author_id INTEGER, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_wordings PRIMARY KEY (id), 
	CONSTRAINT fk_wordings_author_id FOREIGN KEY(author_id) REFERENCES staff (id), 
	CONSTRAINT fk_wordings_outreach_id FOREIGN KEY(outreach_id) REFERENCES outreach (id)
);
INSERT INTO "wordings" VALUES(1,1,NULL,'How are things going, Dana?','Hello Dana,

My name is Sana Support (student support officer, School of Languages). I would like to know how you are, and whether there is anything we can do to make studying easier for you right now.

I am writing because of this:

- We have not seen you since Monday 6 October.

This comes from our records of the online learning space, up to Tuesday 21 October.

That is only what our systems show. It is never the whole picture, and it can be wrong. You know best what has been going on.

So may I ask: how are things with you, and is there a reason that would help us understand? Please share only what you are happy to share.

There are several things we can do together:

- meet for a chat, online or in person, at a time that suits you
- look at what you would like to catch up on, and make a plan that works for you
- find out about more time or other adjustments, if life is hard at the moment
- put you in touch with people who can help with health, money, housing or study skills

To answer, just reply to this email or write to lang@example.ac.uk. A single line is enough, such as “I am fine”, “let us talk” or “this is not right”. If you would like us to get in touch in another way, tell me how.

You may see the information we hold about your studies, and what this email is based on, whenever you like: reply and ask me for it. If something in it is wrong, tell me and we will put it right. If you are unhappy with how we have gone about this, please tell me or the school''s engagement lead. You can also use the university''s Student Complaints Procedure.

With best wishes,

Sana Support
student support officer
School of Languages','2025-10-22 09:30:00.000000');
INSERT INTO "wordings" VALUES(2,1,2,'How are things going, Dana?','Hello Dana,

how are you, and is there anything we can do to help?

Alice','2025-10-22 09:30:00.000000');
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_ingests_sha256 ON ingests (sha256);
CREATE INDEX ix_interactions_at ON interactions (at);
CREATE INDEX ix_sandbox_messages_channel ON sandbox_messages (channel, id);
CREATE INDEX ix_sandbox_messages_revision ON sandbox_messages (revision);
CREATE INDEX ix_channels_school_id ON channels (school_id);
CREATE INDEX ix_identities_staff_id ON identities (staff_id);
CREATE INDEX ix_modules_organiser_id ON modules (organiser_id);
CREATE INDEX ix_modules_school_id ON modules (school_id);
CREATE INDEX ix_policies_school_id ON policies (school_id);
CREATE INDEX ix_quarantine_ingest_id ON quarantine (ingest_id);
CREATE INDEX ix_students_adviser_id ON students (adviser_id);
CREATE INDEX ix_students_home_school_id ON students (home_school_id);
CREATE INDEX ix_cases_owner_id ON cases (owner_id);
CREATE INDEX ix_cases_school_id ON cases (school_id);
CREATE INDEX ix_cases_school_status ON cases (school_id, status);
CREATE INDEX ix_cases_student_id ON cases (student_id);
CREATE INDEX ix_posts_channel_id ON posts (channel_id);
CREATE INDEX ix_flags_case_id ON flags (case_id);
CREATE INDEX ix_flags_policy_id ON flags (policy_id);
CREATE INDEX ix_flags_school_id ON flags (school_id);
CREATE INDEX ix_flags_school_state ON flags (school_id, state, last_found_on);
CREATE INDEX ix_flags_student_id ON flags (student_id);
CREATE UNIQUE INDEX uq_flags_one_active ON flags (student_id, school_id, "key") WHERE state = 'active';
CREATE INDEX ix_interventions_author_id ON interventions (author_id);
CREATE INDEX ix_interventions_case_id ON interventions (case_id);
CREATE INDEX ix_outreach_case_id ON outreach (case_id);
CREATE INDEX ix_outreach_conversation ON outreach (conversation);
CREATE INDEX ix_outreach_drafter_id ON outreach (drafter_id);
CREATE INDEX ix_views_author_id ON views (author_id);
CREATE INDEX ix_views_case_id ON views (case_id);
CREATE INDEX ix_outbox_case_id ON outbox (case_id);
CREATE INDEX ix_outbox_school_id ON outbox (school_id);
CREATE INDEX ix_outbox_state_not_before ON outbox (state, not_before);
CREATE INDEX ix_replies_case_id ON replies (case_id);
CREATE INDEX ix_replies_outreach_id ON replies (outreach_id);
CREATE INDEX ix_covers_absent_id ON covers (absent_id);
CREATE INDEX ix_covers_cover_id ON covers (cover_id);
CREATE INDEX ix_covers_school_id ON covers (school_id);
CREATE INDEX ix_exemptions_school_id ON exemptions (school_id);
CREATE INDEX ix_exemptions_student_id ON exemptions (student_id);
CREATE INDEX ix_alerts_case_id ON alerts (case_id);
CREATE INDEX ix_alerts_to_school_id ON alerts (to_school_id);
CREATE INDEX ix_asks_asked_id ON asks (asked_id);
CREATE INDEX ix_asks_case_id ON asks (case_id);
CREATE INDEX ix_complaints_case_id ON complaints (case_id);
CREATE INDEX ix_emergencies_case_id ON emergencies (case_id);
CREATE INDEX ix_fitness_case_id ON fitness (case_id);
CREATE INDEX ix_stops_school_id ON stops (school_id);
CREATE INDEX ix_notices_case_id ON notices (case_id);
CREATE INDEX ix_notices_staff_id ON notices (staff_id);
CREATE INDEX ix_referrals_author_id ON referrals (author_id);
CREATE INDEX ix_referrals_case_id ON referrals (case_id);
CREATE INDEX ix_reveals_case_id ON reveals (case_id);
CREATE INDEX ix_remarks_author_id ON remarks (author_id);
CREATE INDEX ix_remarks_case_id ON remarks (case_id);
CREATE INDEX ix_attempts_author_id ON attempts (author_id);
CREATE INDEX ix_attempts_case_id ON attempts (case_id);
CREATE UNIQUE INDEX uq_cases_one_open ON cases (student_id) WHERE status NOT IN ('closed', 'merged');
CREATE INDEX ix_holds_school_id ON holds (school_id);
CREATE INDEX ix_waiting_school_id ON waiting (school_id);
CREATE INDEX ix_flags_hold_id ON flags (hold_id);
CREATE INDEX ix_sayings_student_id ON sayings (student_id);
CREATE INDEX ix_sayings_school_id ON sayings (school_id);
CREATE INDEX ix_sayings_case_id ON sayings (case_id);
CREATE INDEX ix_sayings_outreach_id ON sayings (outreach_id);
CREATE INDEX ix_wordings_outreach_id ON wordings (outreach_id);
CREATE INDEX ix_preservations_student_id ON preservations (student_id);
CREATE INDEX ix_erasures_school_id ON erasures (school_id);
CREATE INDEX ix_remnants_erasure_id ON remnants (erasure_id);
CREATE INDEX ix_directs_posted_at ON directs (posted_at);
CREATE INDEX ix_direct_cases_case_id ON direct_cases (case_id);
CREATE INDEX ix_thread_lines_case_id ON thread_lines (case_id);
CREATE INDEX ix_line_posts_case_id ON line_posts (case_id);
CREATE INDEX ix_line_posts_channel_id ON line_posts (channel_id);
CREATE INDEX ix_begun_at ON begun (at);
COMMIT;
