"""Another structure for the same program, as one would give it to hide where it is from."""

import ast


def restructured(tree: ast.Module) -> ast.Module:
    """A module that does the same; the one given is changed.

    `for` becomes `while`, branches are swapped, results put in a variable first, and returned list
    comprehensions spelled out.
    """
    changed: ast.Module = _Restructuring().visit(tree)
    return ast.fix_missing_locations(changed)


class _Restructuring(ast.NodeTransformer):
    def __init__(self) -> None:
        self._count = 0

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        self.generic_visit(node)
        self._count += 1
        items, place = f"items_{self._count}", f"place_{self._count}"
        head = ast.parse(f"{items} = [*None]\n{place} = 0\nwhile {place} < len({items}): pass")
        made, zero, loop = head.body
        assert isinstance(made, ast.Assign)
        assert isinstance(made.value, ast.List)
        assert isinstance(made.value.elts[0], ast.Starred)
        assert isinstance(loop, ast.While)
        made.value.elts[0].value = node.iter
        step = ast.parse(f"_ = {items}[{place}]\n{place} += 1").body
        assert isinstance(step[0], ast.Assign)
        step[0].targets = [node.target]
        loop.body, loop.orelse = [*step, *node.body], node.orelse
        return [made, zero, loop]

    def visit_If(self, node: ast.If) -> ast.stmt:
        self.generic_visit(node)
        if not node.orelse:
            return node
        test = ast.UnaryOp(ast.Not(), node.test)
        return ast.If(test, node.orelse, node.body)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body)

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        self._count += 1
        name = f"answer_{self._count}"
        value = node.value
        if isinstance(value, ast.ListComp) and len(value.generators) == 1:
            (part,) = value.generators
            body: list[ast.stmt] = list(ast.parse(f"{name}.append(None)").body)
            assert isinstance(body[0], ast.Expr)
            assert isinstance(body[0].value, ast.Call)
            body[0].value.args = [value.elt]
            for condition in part.ifs:
                body = [ast.If(condition, body, [])]
            loop = self.visit_For(ast.For(part.target, part.iter, body, []))
            return [*ast.parse(f"{name} = []").body, *loop, _returned(name)]
        self.generic_visit(node)
        if value is None:
            return [node]
        assigned = ast.parse(f"{name} = None").body[0]
        assert isinstance(assigned, ast.Assign)
        assert node.value is not None
        assigned.value = node.value
        return [assigned, _returned(name)]


def _returned(name: str) -> ast.stmt:
    return ast.Return(ast.Name(name, ast.Load()))
