package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What a user can call says what it does. Whether the texts are sound, the Javadoc tool checks in every build. */
class DocumentedTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");

    @Test
    void everything_public_has_a_text() throws IOException {
        List<File> sources = sources();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Undocumented undocumented;
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromFiles(sources));
            undocumented = new Undocumented(DocTrees.instance(task));
            for (CompilationUnitTree source : task.parse()) {
                undocumented.scan(source, null);
            }
        }

        assertThat(sources).hasSizeGreaterThan(100);
        assertThat(undocumented.places).isEmpty();
    }

    private static List<File> sources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.filter(module -> module.getFileName().toString().startsWith("dht-"))
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(DocumentedTest::files)
                    .toList();
        }
    }

    private static Stream<File> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).map(Path::toFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Walks through what is public or protected, with all that surrounds it, and notes what has no text. */
    private static final class Undocumented extends TreePathScanner<Void, Void> {
        private static final Set<Tree.Kind> IMPLICITLY_PUBLIC =
                EnumSet.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

        private final List<String> places = new ArrayList<>();
        private final DocTrees trees;

        Undocumented(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (visible(type.getModifiers())) {
                check(type.getSimpleName());
                super.visitClass(type, null);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (visible(method.getModifiers()) && !overrides(method)) {
                check(method.getName());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void nothing) {
            if (visible(field.getModifiers())) {
                check(field.getName());
            }
            return null;
        }

        private boolean visible(ModifiersTree modifiers) {
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || IMPLICITLY_PUBLIC.contains(
                            getCurrentPath().getParentPath().getLeaf().getKind());
        }

        private static boolean overrides(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation -> annotation.getAnnotationType() instanceof IdentifierTree type
                            && type.getName().contentEquals("Override"));
        }

        private void check(CharSequence name) {
            if (trees.getDocComment(getCurrentPath()) == null) {
                places.add(name + " in "
                        + getCurrentPath().getCompilationUnit().getSourceFile().getName());
            }
        }
    }
}
