"""Commands and groups of commands that share options and explain what they do not know."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from mispredict.cli.failures import leave, quiet_pipe, run
from mispredict.cli.settings import Settings
from mispredict.core.errors import UnknownName


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep the value for the whole command, whichever side of its name the option was on."""
    settings = context.find_object(Settings)
    if settings is not None and value:
        setattr(settings, str(option.name), value)


def common_options() -> list[click.Option]:
    """The options that every command has."""
    return [
        click.Option(
            ["--workspace", "-w"],
            metavar="DIR",
            help="Folder of the workspace (default: $MISPREDICT_WORKSPACE, else ./.mispredict).",
            callback=_remember,
            expose_value=False,
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            help="Print the result as JSON.",
            callback=_remember,
            expose_value=False,
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            help="Show the traceback of unexpected errors ($MISPREDICT_DEBUG).",
            callback=_remember,
            expose_value=False,
        ),
    ]


class Command(click.Command):
    """A command with the common options, listed apart from its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.common = common_options()
        self.params += self.common

    def invoke(self, ctx: click.Context) -> Any:
        settings = ctx.find_object(Settings)
        if settings is not None:
            settings.command = ctx.command_path
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, self.common, ctx, formatter)


class Group(click.Group):
    """A group that shows its help when called alone and suggests names like the one given."""

    command_class = Command

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"invoke_without_command": True, **options})
        self.common = common_options()
        self.params += self.common

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            hint = f"{ctx.command_path} --help"
            raise UnknownName.of("command", args[0], sorted(self.commands), hint=hint)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, self.common, ctx, formatter)
        self.format_commands(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class App(Group):
    """The program: every way a command can end becomes a message and an exit code."""

    group_class = Group

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        settings = Settings()

        def call() -> Any:
            return super(App, self).main(
                given, "mispredict", complete_var, standalone_mode=False, obj=settings, **extra
            )

        options = option_names(self)
        code = run(call, settings, options=options, is_json="--json" in given)
        if standalone_mode:
            leave(code, at_once=settings.has_served)
        return code

    def invoke(self, ctx: click.Context) -> Any:
        with quiet_pipe():
            return super().invoke(ctx)


def help_when_alone(ctx: click.Context) -> None:
    """Show the group's help if no command of it is called."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def option_names(command: click.Command) -> set[str]:
    """Names of all options of a command and of those below it."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    own = {name for param in command.params for name in param.opts}
    return own.union(*(option_names(item) for item in below))


def _write_options(
    command: click.Command,
    common: Sequence[click.Option],
    ctx: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    own: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
        if record is not None:
            is_common = param in common or "--help" in param.opts
            (shared if is_common else own).append(record)
    for title, records in (("Options", own), ("Common options", shared)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)
