"""What the functions under test look like: KodCode-V1's `test_info`."""

import ast

from kodgen.records import TestInfo


def function_infos(solution: str, test: str) -> tuple[TestInfo, ...]:
    """Top-level functions of the solution that the test file mentions, in order of definition.

    Empty where the tests use no function by name (class-based tasks) or either source does not
    parse. Annotations are left out of parameter lists, as in KodCode-V1.
    """
    try:
        tree = ast.parse(solution)
        used = {node.id for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Name)}
    except (SyntaxError, ValueError):
        return ()
    infos = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in used:
            parameters = f"({ast.unparse(_without_annotations(node.args))})"
            keyword = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
            declaration = f"{keyword} {node.name}{parameters}:"
            infos.append(
                TestInfo(
                    function_name=node.name,
                    parameter_list=parameters,
                    function_declaration=declaration,
                    docstring=ast.get_docstring(node) or "",
                )
            )
    return tuple(infos)


def _without_annotations(arguments: ast.arguments) -> ast.arguments:
    def plain(arg: ast.arg) -> ast.arg:
        return ast.arg(arg=arg.arg)

    return ast.arguments(
        posonlyargs=[plain(a) for a in arguments.posonlyargs],
        args=[plain(a) for a in arguments.args],
        vararg=plain(arguments.vararg) if arguments.vararg else None,
        kwonlyargs=[plain(a) for a in arguments.kwonlyargs],
        kw_defaults=arguments.kw_defaults,
        kwarg=plain(arguments.kwarg) if arguments.kwarg else None,
        defaults=arguments.defaults,
    )
