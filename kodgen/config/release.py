"""Section `release`: what only the owner of a dataset can say of it."""

from pydantic import Field, model_validator

from kodgen.config.section import OPERATIONAL, Section

MOTIVATION = (
    "To train and to study language models that write code, on questions whose solutions and tests "
    "were run together, so that every row says how it was verified."
)


class Release(Section):
    """What a released dataset says that no file of a run tells; changing it changes no row."""

    motivation: str = Field(
        default=MOTIVATION,
        min_length=1,
        max_length=5000,
        description="Why the dataset was made, for its card.",
        json_schema_extra=OPERATIONAL,
    )
    languages: tuple[str, ...] = Field(
        default=("en",),
        min_length=1,
        description="Languages that questions are written in, as ISO 639-1 codes.",
        json_schema_extra=OPERATIONAL,
    )
    maintainer: str | None = Field(
        default=None,
        max_length=200,
        description="Person or group that answers for it; the repository's owner if left out.",
        json_schema_extra=OPERATIONAL,
    )
    contact: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        max_length=500,
        description="Web page to report mistakes at; the repository's discussions if left out.",
        json_schema_extra=OPERATIONAL,
    )
    license: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="SPDX identifier of the release; worked out from the seeds if left out.",
        json_schema_extra=OPERATIONAL,
    )
    license_reason: str | None = Field(
        default=None,
        min_length=10,
        max_length=2000,
        description="Why `license` may be used though the seeds say another; shown on the card.",
        json_schema_extra=OPERATIONAL,
    )
    accepted_licenses: dict[str, str] = Field(
        default_factory=dict,
        description="Seed licences that would stop the release (`unknown`, `GPL-3.0-only`), each "
        "with the reason why their rows may go out; shown on the card.",
        json_schema_extra=OPERATIONAL,
    )
    accepted_domains: tuple[str, ...] = Field(
        default=(),
        description="Domains whose e-mail addresses in rows are invented ones.",
        json_schema_extra=OPERATIONAL,
    )
    model_terms: dict[str, str] = Field(
        default_factory=dict,
        description="What a model's terms say of its output, by its name; known for the families "
        "of OpenAI, Anthropic, Google, Llama, Qwen, DeepSeek and Mistral.",
        json_schema_extra=OPERATIONAL,
    )
    leave_out: tuple[str, ...] = Field(
        default=(),
        description="Ids of questions whose rows are not released.",
        json_schema_extra=OPERATIONAL,
    )

    @model_validator(mode="after")
    def _reasons(self) -> "Release":
        if (self.license is None) != (self.license_reason is None):
            raise ValueError("`license` and `license_reason` are given together")
        for name, reason in self.accepted_licenses.items():
            if len(reason.strip()) < 10:
                raise ValueError(f"accepted_licenses[{name!r}]: say why, in 10 letters or more")
        return self
